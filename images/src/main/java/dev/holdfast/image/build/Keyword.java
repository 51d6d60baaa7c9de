package dev.holdfast.image.build;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The instructions that are understood, with the flags that each may have. */
enum Keyword {
  FROM("platform"),
  ARG,
  ENV,
  WORKDIR,
  USER,
  RUN("network"),
  COPY("from", "chown", "chmod"),
  ADD("chown", "chmod"),
  CMD,
  ENTRYPOINT,
  LABEL,
  EXPOSE,
  SHELL,
  VOLUME,
  STOPSIGNAL,
  /** Said to have no effect: nothing watches a workbench that way. */
  HEALTHCHECK("interval", "timeout", "start-period", "start-interval", "retries"),
  /** Said to have no effect. */
  MAINTAINER;

  private final String flags;

  Keyword(String... flags) {
    this.flags = String.join(" ", flags);
  }

  boolean takes(String flag) {
    return flagNames().anyMatch(flag::equals);
  }

  private Stream<String> flagNames() {
    return Arrays.stream(flags.split(" ", -1)).filter(flag -> !flag.isEmpty());
  }

  String flags() {
    return flags.isEmpty()
        ? "none is allowed"
        : flagNames()
            .map(flag -> "`--" + flag + "`")
            .collect(Collectors.joining(", ", "allowed are ", ""));
  }

  static Optional<Keyword> of(String word) {
    return Arrays.stream(values())
        .filter(keyword -> keyword.name().equals(word.toUpperCase(Locale.ROOT)))
        .findFirst();
  }

  static String all() {
    return Arrays.stream(values()).map(Keyword::name).collect(Collectors.joining(", "));
  }
}

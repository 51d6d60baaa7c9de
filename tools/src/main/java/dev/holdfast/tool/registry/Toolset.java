package dev.holdfast.tool.registry;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Which tools an agent may see. A tool is in when a pattern of {@code include} matches its name and
 * none of {@code exclude} does; {@code *} stands for any letters.
 */
public record Toolset(List<String> include, List<String> exclude) {
  /** Every tool. */
  public static final Toolset ALL = new Toolset(List.of("*"), List.of());

  public Toolset {
    include = List.copyOf(include);
    exclude = List.copyOf(exclude);
    Stream.concat(include.stream(), exclude.stream()).forEach(Toolset::require);
  }

  /** Whether a tool of this name is in the set. */
  public boolean contains(String name) {
    return include.stream().anyMatch(pattern -> matches(pattern, name))
        && exclude.stream().noneMatch(pattern -> matches(pattern, name));
  }

  private static boolean matches(String pattern, String name) {
    var parts = Stream.of(pattern.split("\\*", -1)).map(Pattern::quote);
    return name.matches(parts.collect(Collectors.joining(".*")));
  }

  private static void require(String pattern) {
    if (!pattern.matches("[a-z0-9_*]{1,64}")) {
      throw new IllegalArgumentException(
          "tool pattern `%s` is not allowed: lower-case letters, digits, `_` and `*`, 1 to 64"
              .formatted(pattern));
    }
  }
}

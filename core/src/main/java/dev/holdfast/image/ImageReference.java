package dev.holdfast.image;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Which image somebody means: {@code [REGISTRY/]REPOSITORY[:TAG][@DIGEST]}, as every container tool
 * reads it. A digest decides what is fetched; a tag beside it is for people.
 *
 * @param registry host and optional port, for example {@code localhost:5000}
 * @param repository the path in it, for example {@code library/debian}
 * @param tag absent only beside a digest
 */
public record ImageReference(
    String registry, String repository, Optional<String> tag, Optional<Digest> digest) {
  /** The registry that a name without one means, by a convention older than this program. */
  public static final String DEFAULT_REGISTRY = "docker.io";

  private static final String DEFAULT_TAG = "latest";
  private static final int LONGEST_NAME = 255;

  private static final Pattern HOST =
      Pattern.compile(
          "(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?"
              + "(?:\\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)*|\\[[0-9a-fA-F:]+\\])"
              + "(?::[0-9]{1,5})?");
  private static final Pattern PART = Pattern.compile("[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*");
  private static final Pattern TAG = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}");
  private static final Pattern HEX = Pattern.compile("[0-9a-f]{64}");

  public ImageReference {
    if (!HOST.matcher(registry).matches()) {
      throw wrong(registry, "its registry must be a host name with an optional port");
    }
    for (String part : repository.split("/", -1)) {
      if (!PART.matcher(part).matches()) {
        throw wrong(
            repository,
            "each part of a repository has lower-case letters and digits, with `.`, `_`, `__` or"
                + " `-` between them");
      }
    }
    if (registry.length() + 1 + repository.length() > LONGEST_NAME) {
      throw wrong(registry + "/" + repository, "at most 255 characters are allowed");
    }
    if (tag.isPresent() && !TAG.matcher(tag.get()).matches()) {
      throw wrong(tag.get(), "a tag has letters, digits, `_`, `.` and `-`, 128 of them at most");
    }
    if (tag.isEmpty() && digest.isEmpty()) {
      throw wrong(repository, "it needs a tag or a digest");
    }
  }

  /** Reads what a person wrote. */
  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  public static ImageReference parse(String text) {
    if (HEX.matcher(text).matches()) {
      throw wrong(text, "64 hexadecimal digits alone could be a digest; write `NAME@sha256:…`");
    }
    int at = text.indexOf('@');
    Optional<Digest> digest =
        at < 0 ? Optional.empty() : Optional.of(Digest.parse(text.substring(at + 1)));
    String name = at < 0 ? text : text.substring(0, at);
    int colon = name.lastIndexOf(':');
    Optional<String> tag = Optional.empty();
    if (colon > name.lastIndexOf('/')) {
      tag = Optional.of(name.substring(colon + 1));
      name = name.substring(0, colon);
    } else if (digest.isEmpty()) {
      tag = Optional.of(DEFAULT_TAG);
    }
    return named(name, tag, digest);
  }

  private static ImageReference named(String name, Optional<String> tag, Optional<Digest> digest) {
    int slash = name.indexOf('/');
    String first = slash < 0 ? "" : name.substring(0, slash);
    boolean host =
        first.contains(".")
            || first.contains(":")
            || first.equals("localhost")
            || !first.equals(first.toLowerCase(java.util.Locale.ROOT));
    if (!host || isDefault(first)) {
      String path = host ? name.substring(slash + 1) : name;
      String repository = path.contains("/") ? path : "library/" + path;
      return new ImageReference(DEFAULT_REGISTRY, repository, tag, digest);
    }
    return new ImageReference(first, name.substring(slash + 1), tag, digest);
  }

  private static boolean isDefault(String host) {
    return host.equals(DEFAULT_REGISTRY) || host.equals("index." + DEFAULT_REGISTRY);
  }

  private static ImageException wrong(String what, String allowed) {
    return new ImageException("image reference `%s` is not allowed: %s".formatted(what, allowed));
  }

  /** The same repository, pinned to this content. */
  public ImageReference at(Digest content) {
    return new ImageReference(registry, repository, tag, Optional.of(content));
  }

  /** What a registry is asked for: the digest where there is one, otherwise the tag. */
  public String selector() {
    return digest.map(Digest::toString).or(() -> tag).orElseThrow();
  }

  /** The whole reference, with everything that was left out. */
  @JsonValue
  @Override
  public String toString() {
    return registry
        + "/"
        + repository
        + tag.map(t -> ":" + t).orElse("")
        + digest.map(d -> "@" + d).orElse("");
  }
}

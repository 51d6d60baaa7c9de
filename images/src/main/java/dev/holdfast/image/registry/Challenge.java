package dev.holdfast.image.registry;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a registry wants before it answers: one {@code WWW-Authenticate} header.
 *
 * @param scheme in lower case
 */
record Challenge(String scheme, Map<String, String> parameters) {
  private static final Pattern HEADER = Pattern.compile("\\s*([A-Za-z]+)\\s*(.*)", Pattern.DOTALL);
  private static final Pattern PARAMETER =
      Pattern.compile(
          "\\s*,?\\s*([A-Za-z_-]+)\\s*=\\s*(?:\"((?:[^\"\\\\]|\\\\.)*+)\"|([^\\s,\"]+))");
  private static final int LONGEST = 8192;

  Challenge {
    parameters = Map.copyOf(parameters);
  }

  /** Reads a header; empty when it is none that makes sense. */
  static Optional<Challenge> parse(String header) {
    Matcher whole = HEADER.matcher(header);
    if (header.length() > LONGEST || !whole.matches()) {
      return Optional.empty();
    }
    var parameters = new LinkedHashMap<String, String>();
    Matcher each = PARAMETER.matcher(whole.group(2));
    int end = 0;
    while (each.find() && each.start() == end) {
      String quoted = each.group(2);
      parameters.putIfAbsent(
          each.group(1).toLowerCase(Locale.ROOT),
          quoted != null ? quoted.replaceAll("\\\\(.)", "$1") : each.group(3));
      end = each.end();
    }
    return Optional.of(new Challenge(whole.group(1).toLowerCase(Locale.ROOT), parameters));
  }

  Optional<String> parameter(String name) {
    return Optional.ofNullable(parameters.get(name));
  }
}

package dev.holdfast.tool.edit;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Pattern;

/** Names as git quotes them when they have unusual characters: {@code "a\303\244"}. */
final class GitQuotes {
  private static final Pattern PART =
      Pattern.compile("\\\\([0-3][0-7]{2})|\\\\([abtnvfr\"\\\\])|([^\\\\\"]+)");
  private static final String LETTERS = "abtnvfr\"\\";
  private static final String MEANT = "\u0007\b\t\n\u000b\f\r\"\\";

  private GitQuotes() {}

  /** The name within the quotes; empty when it is not quoted rightly. */
  static Optional<String> unquoted(String name) {
    if (name.length() < 2 || !name.startsWith("\"") || !name.endsWith("\"")) {
      return Optional.empty();
    }
    var bytes = new ByteArrayOutputStream();
    var part = PART.matcher(name).region(1, name.length() - 1);
    int end = 1;
    while (part.lookingAt()) {
      if (part.group(1) != null) {
        bytes.write(Integer.parseInt(part.group(1), 8));
      } else if (part.group(2) != null) {
        bytes.write(MEANT.charAt(LETTERS.indexOf(part.group(2))));
      } else {
        bytes.writeBytes(part.group(3).getBytes(StandardCharsets.UTF_8));
      }
      end = part.end();
      part.region(end, name.length() - 1);
    }
    return end == name.length() - 1
        ? Optional.of(bytes.toString(StandardCharsets.UTF_8))
        : Optional.empty();
  }
}

package dev.holdfast.image.build;

import dev.holdfast.image.ImageException;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * Patterns of paths: {@code *} and {@code ?} within a part, {@code **} over parts, {@code [a-z]},
 * and the backslash to take one as it is.
 */
final class Glob {
  private Glob() {}

  static boolean isPattern(String text) {
    return text.matches("(?s).*[*?\\[\\\\].*");
  }

  static Pattern of(String glob) {
    var regex = new StringBuilder();
    for (int i = 0; i < glob.length(); i++) {
      char c = glob.charAt(i);
      if (glob.startsWith("**/", i)) {
        regex.append("(?:.*/)?");
        i += 2;
      } else if (glob.startsWith("**", i)) {
        regex.append(".*");
        i++;
      } else if (c == '*') {
        regex.append("[^/]*");
      } else if (c == '?') {
        regex.append("[^/]");
      } else if (c == '[' && glob.indexOf(']', i) > 0) {
        int end = glob.indexOf(']', i + 1);
        regex.append(glob, i, end + 1);
        i = end;
      } else {
        c = c == '\\' && i + 1 < glob.length() ? glob.charAt(++i) : c;
        regex.append(Pattern.quote(String.valueOf(c)));
      }
    }
    try {
      return Pattern.compile(regex.toString(), Pattern.DOTALL);
    } catch (PatternSyntaxException e) {
      throw new ImageException("pattern `%s` is not allowed".formatted(glob), e);
    }
  }
}

package dev.holdfast.tool.testrun;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Small steps that the readers of test output share. */
final class Scan {
  private Scan() {}

  /** The number in the first group of the last match; 0 when there is none. */
  static int lastNumber(Pattern pattern, String text) {
    int number = 0;
    var matcher = pattern.matcher(text);
    while (matcher.find()) {
      number = number(matcher, 1);
    }
    return number;
  }

  /** A group as a number; 0 when it did not take part or is no sensible number. */
  static int number(Matcher matcher, int group) {
    var digits = matcher.group(group);
    return digits == null || digits.length() > 9 ? 0 : Integer.parseInt(digits);
  }

  static String orEmpty(@org.jspecify.annotations.Nullable String text) {
    return text == null ? "" : text;
  }
}

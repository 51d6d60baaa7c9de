package dev.holdfast.policy.cedar;

import java.util.ArrayList;
import java.util.List;

/**
 * One policy as it is written.
 *
 * @param from who brings it
 * @param file where it stands, for people
 * @param line of its first character, from 1
 */
record PolicyText(PolicySource from, String file, int line, String source) {
  /** Cuts a file into its policies: each ends with a semicolon outside of strings and comments. */
  static List<PolicyText> split(PolicyText whole) {
    var text = whole.source();
    var policies = new ArrayList<PolicyText>();
    var start = skipBlank(text, 0);
    while (start < text.length()) {
      var end = end(text, start);
      var line = 1 + (int) text.substring(0, start).chars().filter(c -> c == '\n').count();
      policies.add(new PolicyText(whole.from(), whole.file(), line, text.substring(start, end)));
      start = skipBlank(text, end);
    }
    return policies;
  }

  /** Where in the files the character at {@code offset} of this policy is. */
  String at(int offset) {
    var end = Math.clamp(offset, 0, source.length());
    return file + ":" + (line + source.substring(0, end).chars().filter(c -> c == '\n').count());
  }

  private static int skipBlank(String text, int from) {
    var i = from;
    while (i < text.length()) {
      if (text.startsWith("//", i)) {
        i = lineEnd(text, i);
      } else if (Character.isWhitespace(text.charAt(i))) {
        i++;
      } else {
        break;
      }
    }
    return i;
  }

  private static int end(String text, int from) {
    var i = from;
    while (i < text.length()) {
      var c = text.charAt(i);
      if (c == ';') {
        return i + 1;
      }
      i = c == '"' ? stringEnd(text, i) : text.startsWith("//", i) ? lineEnd(text, i) : i + 1;
    }
    return text.length();
  }

  private static int stringEnd(String text, int from) {
    var i = from + 1;
    while (i < text.length() && text.charAt(i) != '"') {
      i += text.charAt(i) == '\\' ? 2 : 1;
    }
    return Math.min(i + 1, text.length());
  }

  private static int lineEnd(String text, int from) {
    var end = text.indexOf('\n', from);
    return end < 0 ? text.length() : end;
  }
}

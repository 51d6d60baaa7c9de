package dev.holdfast.image.build;

import dev.holdfast.image.ImageException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Splits and expands as the Dockerfile reference says: quotes, the escape character, {@code $X},
 * {@code ${X}}, {@code ${X:-otherwise}} and {@code ${X:+instead}}.
 *
 * @param escape the backslash, or the backtick where a directive says so
 */
record Words(char escape) {
  private static final int DEEPEST = 16;

  /** One pass over a text. */
  private final class Pass {
    private final String text;
    private final UnaryOperator<String> variables;
    private final int depth;
    private final StringBuilder word = new StringBuilder();
    private boolean begun;
    private int at;

    Pass(String text, UnaryOperator<String> variables, int depth) {
      this.text = text;
      this.variables = variables;
      this.depth = depth;
      if (depth > DEEPEST) {
        throw new ImageException("variables are nested more than %d deep".formatted(DEEPEST));
      }
    }

    List<String> split() {
      var words = new ArrayList<String>();
      while (at < text.length()) {
        if (Character.isWhitespace(text.charAt(at))) {
          at++;
          take(words);
        } else {
          step();
        }
      }
      take(words);
      return words;
    }

    private void take(List<String> words) {
      if (begun) {
        words.add(word.toString());
        word.setLength(0);
        begun = false;
      }
    }

    String whole() {
      while (at < text.length()) {
        step();
      }
      return word.toString();
    }

    private void step() {
      begun = true;
      char c = text.charAt(at);
      if (c == '\'') {
        single();
      } else if (c == '"') {
        quoted();
      } else if (c == '$') {
        variable();
      } else if (c == escape && at + 1 < text.length()) {
        word.append(text.charAt(at + 1));
        at += 2;
      } else {
        word.append(c);
        at++;
      }
    }

    private void single() {
      int end = text.indexOf('\'', at + 1);
      if (end < 0) {
        throw new ImageException("a single quote is not closed");
      }
      word.append(text, at + 1, end);
      at = end + 1;
    }

    private void quoted() {
      at++;
      while (at < text.length() && text.charAt(at) != '"') {
        char c = text.charAt(at);
        if (c == '$') {
          variable();
        } else if (c == escape && at + 1 < text.length()) {
          char next = text.charAt(at + 1);
          // Elsewhere the escape character stands for itself inside double quotes.
          word.append(next == '"' || next == '$' || next == escape ? "" : c).append(next);
          at += 2;
        } else {
          word.append(c);
          at++;
        }
      }
      if (at >= text.length()) {
        throw new ImageException("a double quote is not closed");
      }
      at++;
    }

    private void variable() {
      at++;
      if (at < text.length() && text.charAt(at) == '{') {
        int end = closing();
        word.append(braced(text.substring(at + 1, end)));
        at = end + 1;
        return;
      }
      int end = at;
      while (end < text.length() && isNamePart(text.charAt(end))) {
        end++;
      }
      if (end == at) {
        word.append('$');
        return;
      }
      word.append(variables.apply(text.substring(at, end)));
      at = end;
    }

    private int closing() {
      int depthHere = 0;
      for (int i = at; i < text.length(); i++) {
        if (text.charAt(i) == '{') {
          depthHere++;
        } else if (text.charAt(i) == '}' && --depthHere == 0) {
          return i;
        }
      }
      throw new ImageException("`${` is not closed");
    }

    private String braced(String inside) {
      int end = 0;
      while (end < inside.length() && isNamePart(inside.charAt(end))) {
        end++;
      }
      String name = inside.substring(0, end);
      String rest = inside.substring(end);
      if (name.isEmpty() || !(rest.isEmpty() || rest.startsWith(":-") || rest.startsWith(":+"))) {
        throw new ImageException(
            "`${%s}` is not understood: `${X}`, `${X:-otherwise}` and `${X:+instead}` are"
                .formatted(inside));
      }
      String value = variables.apply(name);
      if (rest.isEmpty() || value.isEmpty() == rest.startsWith(":+")) {
        return rest.startsWith(":+") ? "" : value;
      }
      return rest.startsWith(":-") && !value.isEmpty()
          ? value
          : new Pass(rest.substring(2), variables, depth + 1).whole();
    }
  }

  private static boolean isNamePart(char c) {
    return c == '_' || (c < 128 && Character.isLetterOrDigit(c));
  }

  List<String> split(String text, UnaryOperator<String> variables) {
    return new Pass(text, variables, 0).split();
  }

  String expand(String text, UnaryOperator<String> variables) {
    return new Pass(text, variables, 0).whole();
  }

  /** The strings of a JSON array; empty when it is none. */
  static Optional<List<String>> array(String text) {
    if (!text.startsWith("[")) {
      return Optional.empty();
    }
    try {
      JsonNode node = JsonMapper.shared().readTree(text);
      var words = new ArrayList<String>();
      for (JsonNode word : node) {
        if (!word.isString()) {
          return Optional.empty();
        }
        words.add(word.asString());
      }
      return Optional.of(words);
    } catch (JacksonException noJson) {
      return Optional.empty();
    }
  }
}

package dev.holdfast.tool.declared;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.regex.Pattern;

/** One argument of a command: literal text, and places where values of parameters go. */
record Argument(List<Part> parts) {
  /** {@code {name}}, or a brace for itself, written twice. */
  private static final Pattern PIECE =
      Pattern.compile("\\{\\{|}}|\\{([A-Za-z_][A-Za-z0-9_]*)}|[{}]");

  Argument {
    parts = List.copyOf(parts);
  }

  /** A piece of an argument. */
  sealed interface Part {
    record Literal(String text) implements Part {}

    record Place(String parameter) implements Part {}
  }

  /**
   * Reads {@code --depth={depth}}.
   *
   * @throws IllegalArgumentException when a brace is none of the forms
   */
  static Argument parse(String text) {
    var parts = new ArrayList<Part>();
    var literal = new StringBuilder();
    var piece = PIECE.matcher(text);
    int from = 0;
    while (piece.find()) {
      literal.append(text, from, piece.start());
      from = piece.end();
      var name = piece.group(1);
      if (name != null) {
        flush(literal, parts);
        parts.add(new Part.Place(name));
      } else if (piece.group().length() == 2) {
        literal.append(piece.group().charAt(0));
      } else {
        throw new IllegalArgumentException(
            "`%s` has a single brace: a parameter is `{name}`, a brace for itself is written twice"
                .formatted(text));
      }
    }
    literal.append(text.substring(from));
    flush(literal, parts);
    return new Argument(parts);
  }

  private static void flush(StringBuilder literal, List<Part> parts) {
    if (!literal.isEmpty()) {
      parts.add(new Part.Literal(literal.toString()));
      literal.setLength(0);
    }
  }

  /** The parameters whose values it takes. */
  SequencedSet<String> parameters() {
    var names = new LinkedHashSet<String>();
    for (var part : parts) {
      if (part instanceof Part.Place(String name)) {
        names.add(name);
      }
    }
    return names;
  }

  /** Its text, when no value goes into it. */
  Optional<String> literal() {
    return parameters().isEmpty() ? Optional.of(opening()) : Optional.empty();
  }

  /** The literal text before the first place. */
  String opening() {
    return !parts.isEmpty() && parts.getFirst() instanceof Part.Literal(String text) ? text : "";
  }

  /** The parameter that the argument begins with, when it does. */
  Optional<String> leading() {
    return !parts.isEmpty() && parts.getFirst() instanceof Part.Place(String name)
        ? Optional.of(name)
        : Optional.empty();
  }
}

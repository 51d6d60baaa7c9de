package dev.holdfast.scorecard;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * One call that an attacking module makes. {@code modules.tsv} says how it is written.
 *
 * @param repeat how often, together with the steps after it
 * @param prepares whether it must work for the attempt to be one
 * @param name of a function of WASI, of one that nobody gives ({@code module.function}), or of an
 *     instruction
 */
record ModuleStep(Repeat repeat, boolean prepares, String name, List<Operand> operands) {
  private static final Pattern STEP =
      Pattern.compile(
          "(?:(\\d+) times: |(-?\\d+) to (-?\\d+): |(ever): )?(!)?([\\w.:-]+)\\((.*)\\)");
  private static final Pattern TEXT = Pattern.compile("\"(.*)\"(?:x(\\d+))?");
  private static final Pattern VECTOR = Pattern.compile("\\[(.*)](?:x(\\d+))?");

  /** How often a step is made. */
  sealed interface Repeat {
    record Once() implements Repeat {}

    /** It and all steps after it, until one is refused, this often at most. */
    record Times(int most) implements Repeat {}

    /** With each number, and refused each time for one reason. */
    record Each(int from, int to) implements Repeat {}

    /** Whatever comes of it. */
    record Ever() implements Repeat {}
  }

  /** What is given to a call. */
  sealed interface Operand {
    /** A number, of 64 bits when {@code wide}, else of 32. */
    record Value(long value, boolean wide) implements Operand {}

    /** Two numbers: where the bytes lie, and how many they are. */
    record Bytes(byte[] bytes) implements Operand {}

    /** Two numbers: where pairs of an address and a length lie, and how many they are. */
    record Vector(List<Value> pairs) implements Operand {}

    /** The number of 32 bits that lies at the address. */
    record At(int address) implements Operand {}

    /** The number of the turn. */
    record Turn() implements Operand {}
  }

  /**
   * Reads the steps of an attempt.
   *
   * @param places what stands for {@code {name}} in texts
   * @throws IllegalArgumentException when they are not written as {@code modules.tsv} says
   */
  static List<ModuleStep> parse(String calls, Map<String, String> places) {
    return Stream.of(calls.split("; ", -1)).map(call -> step(call, places)).toList();
  }

  private static ModuleStep step(String call, Map<String, String> places) {
    var found = STEP.matcher(call);
    if (!found.matches()) {
      throw wrong("call", call, "[`N times: ` | `A to B: ` | `ever: `][!]name(operand, ...)");
    }
    var operands = found.group(7);
    return new ModuleStep(
        repeat(found),
        found.group(5) != null,
        found.group(6),
        operands.isEmpty()
            ? List.of()
            : Stream.of(operands.split(", ", -1)).map(it -> operand(it, places)).toList());
  }

  private static Repeat repeat(Matcher found) {
    if (found.group(1) != null) {
      return new Repeat.Times(Integer.parseInt(found.group(1)));
    }
    if (found.group(2) != null) {
      return new Repeat.Each(Integer.parseInt(found.group(2)), Integer.parseInt(found.group(3)));
    }
    return found.group(4) != null ? new Repeat.Ever() : new Repeat.Once();
  }

  private static Operand operand(String text, Map<String, String> places) {
    var letters = TEXT.matcher(text);
    if (letters.matches()) {
      var filled = filled(letters.group(1), places).repeat(many(letters));
      return new Operand.Bytes(filled.replace("\\0", "\0").getBytes(StandardCharsets.UTF_8));
    }
    var vector = VECTOR.matcher(text);
    if (vector.matches()) {
      var pairs = Stream.of(vector.group(1).split("[: ]", -1)).map(ModuleStep::value).toList();
      return new Operand.Vector(
          Stream.generate(() -> pairs).limit(many(vector)).flatMap(List::stream).toList());
    }
    return switch (text.charAt(0)) {
      case '@' -> new Operand.At(Integer.parseInt(text.substring(1)));
      case '#' -> new Operand.Turn();
      default -> value(text);
    };
  }

  private static Operand.Value value(String text) {
    boolean wide = text.endsWith("L");
    try {
      return new Operand.Value(
          Long.decode(wide ? text.substring(0, text.length() - 1) : text), wide);
    } catch (NumberFormatException e) {
      throw wrong("operand", text, "numbers, \"texts\", [address:length ...], @address and #");
    }
  }

  private static int many(Matcher found) {
    return found.group(2) == null ? 1 : Integer.parseInt(found.group(2));
  }

  private static String filled(String text, Map<String, String> places) {
    var filled = text;
    for (var place : places.entrySet()) {
      filled = filled.replace("{" + place.getKey() + "}", place.getValue());
    }
    if (filled.contains("{")) {
      throw wrong("text", text, places.keySet() + " between braces");
    }
    return filled;
  }

  private static IllegalArgumentException wrong(String what, String text, String allowed) {
    return new IllegalArgumentException(
        "the %s `%s` of a module is not understood: there are %s".formatted(what, text, allowed));
  }
}

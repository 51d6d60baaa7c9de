package dev.holdfast.scorecard;

import dev.holdfast.workbench.Layer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** The list of attacks, kept as data beside this class. */
public final class Attacks {
  private static final int COLUMNS = 7;

  private Attacks() {}

  /** Every attack, in the order that they are made. */
  public static List<Attack> all() {
    return parse(new String(resource("attacks.tsv"), StandardCharsets.UTF_8));
  }

  /**
   * The attack of that name.
   *
   * @throws IllegalArgumentException when there is none
   */
  public static Attack named(String name) {
    return all().stream()
        .filter(attack -> attack.name().equals(name))
        .findFirst()
        .orElseThrow(
            () -> new IllegalArgumentException("attack `%s` is not known".formatted(name)));
  }

  static List<Attack> parse(String text) {
    return text.lines()
        .filter(line -> !line.isBlank() && !line.startsWith("#"))
        .map(Attacks::attack)
        .toList();
  }

  private static Attack attack(String line) {
    String[] columns = line.split("\t", -1);
    if (columns.length != COLUMNS) {
      throw new IllegalArgumentException(
          "attack `%s` has %d columns: there are name, manner, workbench, reasons, source, tries, success"
              .formatted(columns[0], columns.length));
    }
    return new Attack(
        columns[0],
        Attack.Manner.valueOf(columns[1].toUpperCase(Locale.ROOT)),
        Attack.Place.valueOf(columns[2].toUpperCase(Locale.ROOT)),
        reasons(columns[3]),
        columns[4],
        columns[5],
        columns[6]);
  }

  /** {@code EPERM} counts everywhere, {@code gvisor:EINVAL} on that layer alone. */
  private static Attack.Reasons reasons(String words) {
    var everywhere = new HashSet<String>();
    var only = new EnumMap<Layer, Set<String>>(Layer.class);
    for (String word : words.split(" ", -1)) {
      int colon = word.indexOf(':');
      (colon < 0
              ? everywhere
              : only.computeIfAbsent(Layer.named(word.substring(0, colon)), _ -> new HashSet<>()))
          .add(word.substring(colon + 1));
    }
    return new Attack.Reasons(everywhere, only);
  }

  /** The program that makes the attacks, static, for this machine's processor. */
  static byte[] program() {
    String name = System.getProperty("os.arch").toLowerCase(Locale.ROOT);
    return resource((name.equals("amd64") ? "x86_64" : name) + "/attack");
  }

  private static byte[] resource(String name) {
    try (InputStream in = Attacks.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("`%s` is missing from this build".formatted(name));
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

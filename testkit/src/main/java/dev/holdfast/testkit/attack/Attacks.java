package dev.holdfast.testkit.attack;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** The list of attacks, kept as data beside this class. */
public final class Attacks {
  private static final int COLUMNS = 5;

  private Attacks() {}

  /** Every attack, in the order that they are made. */
  public static List<Attack> all() {
    return parse(new String(resource("attacks.tsv"), StandardCharsets.UTF_8));
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
          "attack `%s` has %d columns: there are name, manner, reasons, tries, success"
              .formatted(columns[0], columns.length));
    }
    return new Attack(
        columns[0],
        Attack.Manner.valueOf(columns[1].toUpperCase(Locale.ROOT)),
        Set.of(columns[2].split(" ", -1)),
        columns[3],
        columns[4]);
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

package dev.holdfast.scorecard;

import dev.holdfast.workbench.Layer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** The list of attacks, kept as data beside this class. */
public final class Attacks {
  private Attacks() {}

  /** Every attack, in the order that they are made. */
  public static List<Attack> all() {
    return parse(text("attacks.tsv"), text("inside.tsv"), text("modules.tsv"));
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

  static List<Attack> parse(String attacks, String inside, String modules) {
    var harmless = new HashMap<String, List<Attack.Inside>>();
    for (String[] columns : lines(inside, "attack", "layer", "attempt", "why")) {
      harmless
          .computeIfAbsent(columns[0], _ -> new ArrayList<>())
          .add(new Attack.Inside(Layer.named(columns[1]), columns[2], columns[3]));
    }
    var tried = new HashMap<String, List<ModuleAttempt>>();
    for (String[] columns : lines(modules, "attack", "attempt", "calls")) {
      tried
          .computeIfAbsent(columns[0], _ -> new ArrayList<>())
          .add(new ModuleAttempt(columns[1], columns[2]));
    }
    var all =
        lines(attacks, "name", "manner", "workbench", "reasons", "source", "tries", "success")
            .stream()
            .map(
                columns ->
                    attack(
                        columns,
                        harmless.getOrDefault(columns[0], List.of()),
                        tried.getOrDefault(columns[0], List.of())))
            .toList();
    all.forEach(attack -> tried.remove(attack.name()));
    if (!tried.isEmpty()) {
      throw new IllegalArgumentException(
          "modules are listed for attacks that are not: `%s`".formatted(tried.keySet()));
    }
    return all;
  }

  private static List<String[]> lines(String text, String... columns) {
    return text.lines()
        .filter(line -> !line.isBlank() && !line.startsWith("#"))
        .map(line -> line.split("\t", -1))
        .peek(
            fields -> {
              if (fields.length != columns.length) {
                throw new IllegalArgumentException(
                    "the line of `%s` has %d columns: there are %s"
                        .formatted(fields[0], fields.length, String.join(", ", columns)));
              }
            })
        .toList();
  }

  private static Attack attack(
      String[] columns, List<Attack.Inside> inside, List<ModuleAttempt> modules) {
    return new Attack(
        columns[0],
        Attack.Manner.valueOf(columns[1].toUpperCase(Locale.ROOT).replace('-', '_')),
        Attack.Place.valueOf(columns[2].toUpperCase(Locale.ROOT)),
        reasons(columns[3]),
        inside,
        modules,
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

  private static String text(String name) {
    return new String(resource(name), StandardCharsets.UTF_8);
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

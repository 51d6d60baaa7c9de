package dev.holdfast.scorecard;

import dev.holdfast.workbench.Layer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Something forbidden that a program really attempts from inside a workbench. It usually makes
 * several attempts; each must be refused.
 *
 * @param name its name for people and for the attacking program
 * @param manner how the program is run
 * @param place whose workbench it is made in
 * @param reasons why an attempt may fail
 * @param inside attempts that may work on a layer, as they reach nothing but its own kernel
 * @param modules its attempts as WebAssembly modules, which are made on layer {@code wasm}
 * @param source where the pattern is known from: a CVE, or what it abuses
 * @param tries what it attempts
 * @param success what would be true on the day after if it worked
 */
public record Attack(
    String name,
    Manner manner,
    Place place,
    Reasons reasons,
    List<Inside> inside,
    List<ModuleAttempt> modules,
    String source,
    String tries,
    String success) {
  /** How the attacking program is started. */
  public enum Manner {
    /** With pipes as its streams, as tools run programs. */
    PIPES,
    /** On a terminal, as in a takeover. */
    TERMINAL,
    /** While the host itself works with the workspace's files. */
    BESIDE_THE_HOST,
    /** To stay behind in the background. */
    BACKGROUND,
    /** As WebAssembly modules alone: no program of a machine can try it. */
    MODULES
  }

  /** In which workbench the attack is made. */
  public enum Place {
    /** In one that other attacks were made in before, and will be after. */
    SHARED,
    /** In one of its own, because it uses up or damages what is inside. */
    OWN
  }

  /**
   * Why an attempt may fail: names of errnos and signals, or a word of the program's own. Failing
   * for any other reason does not count as held.
   *
   * @param everywhere those that count on every layer
   * @param only those that count on one layer alone, because another kernel answers there
   */
  public record Reasons(Set<String> everywhere, Map<Layer, Set<String>> only) {
    public Reasons {
      everywhere = Set.copyOf(everywhere);
      only = Map.copyOf(only);
    }

    boolean count(String reason, Layer layer) {
      return everywhere.contains(reason) || only.getOrDefault(layer, Set.of()).contains(reason);
    }
  }

  /**
   * An attempt that works on one layer and is no escape.
   *
   * @param attempt as the attacking program calls it
   * @param why it touches nothing that is not the workbench's
   */
  public record Inside(Layer layer, String attempt, String why) {}

  public Attack {
    inside = List.copyOf(inside);
    modules = List.copyOf(modules);
    if (reasons.everywhere().isEmpty() || tries.isBlank() || success.isBlank()) {
      throw new IllegalArgumentException(
          "attack `%s` is incomplete: it needs reasons, what it tries and what success would be"
              .formatted(name));
    }
  }

  /** Judges what the attacking program printed on a layer. */
  Verdict judge(String output, Layer layer) {
    return Verdict.of(
        output,
        reason -> reasons.count(reason, layer),
        attempt ->
            inside.stream().anyMatch(it -> it.layer() == layer && it.attempt().equals(attempt)));
  }

  /** Why it has no meaning on a layer; empty where it has. */
  public Optional<String> without(Layer layer) {
    if (layer == Layer.WASM) {
      return modules.isEmpty()
          ? Optional.of("modules have no system calls and no programs beside them to try it with")
          : Optional.empty();
    }
    return manner == Manner.MODULES
        ? Optional.of("WebAssembly modules try it, which layer `wasm` alone runs")
        : Optional.empty();
  }

  @Override
  public String toString() {
    return name;
  }
}

package dev.holdfast.workbench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Chooses the layer of a workbench from the kind of work, the installation's rules and what works
 * on this host. A boundary that is demanded is kept or the work is refused; there is no falling
 * back to a weaker one.
 */
public final class Placer {
  private final PlacementRules rules;
  private final WorkbenchEngines engines;

  public Placer(PlacementRules rules, WorkbenchEngines engines) {
    this.rules = rules;
    this.engines = engines;
  }

  /**
   * Where the work goes.
   *
   * @param asked the layer that a person asked for; empty leaves the choice to the workload
   * @throws WorkbenchException when no layer that is strong enough works here, or the one asked for
   *     is not or does not
   */
  public Placement place(Workload workload, Optional<Layer> asked) {
    Boundary least = rules.least(workload);
    return asked.map(layer -> asked(layer, workload, least)).orElseGet(() -> best(workload, least));
  }

  /**
   * Where a single WebAssembly program goes that a person asked for: to the layer that has no
   * boundary of its own and is therefore never chosen.
   *
   * @throws WorkbenchException when more than the host's kernel is demanded
   */
  public Placement function(Workload workload) {
    Boundary least = rules.least(workload);
    if (least.compareTo(Boundary.SHARED_KERNEL) > 0) {
      throw new WorkbenchException(
          "layer `wasm` is not allowed for workload `%s`: %s is demanded"
              .formatted(workload, words(least)));
    }
    return new Placement(workload, Layer.WASM, "asked for; workload `%s`".formatted(workload));
  }

  private Placement asked(Layer layer, Workload workload, Boundary least) {
    if (!isStrongEnough(layer, least)) {
      throw new WorkbenchException(
          "layer `%s` is not allowed for workload `%s`: %s is demanded, which %s have"
              .formatted(layer, workload, words(least), names(strongEnough(workload, least))));
    }
    var _ = engines.of(layer);
    return new Placement(workload, layer, "asked for; workload `%s`".formatted(workload));
  }

  private Placement best(Workload workload, Boundary least) {
    var problems = new LinkedHashMap<String, List<Layer>>();
    for (Layer layer : strongEnough(workload, least)) {
      try {
        var _ = engines.of(layer);
        return new Placement(workload, layer, reason(workload, least, problems));
      } catch (WorkbenchException doesNotWork) {
        problems
            .computeIfAbsent(String.valueOf(doesNotWork.getMessage()), _ -> new ArrayList<>())
            .add(layer);
      }
    }
    throw new WorkbenchException(
        "workload `%s` demands %s, and no layer that has it works here: %s"
            .formatted(workload, words(least), String.join("; ", lines(problems))));
  }

  private static String reason(
      Workload workload, Boundary least, Map<String, List<Layer>> problems) {
    String passedOver =
        problems.isEmpty() ? "" : "; passed over " + String.join("; passed over ", lines(problems));
    return "workload `%s` demands %s%s".formatted(workload, words(least), passedOver);
  }

  /** What several layers lack is said once. */
  private static List<String> lines(Map<String, List<Layer>> problems) {
    return problems.entrySet().stream()
        .map(problem -> names(problem.getValue()) + ": " + problem.getKey())
        .toList();
  }

  /** Those that suit the workload first, then every other. */
  private static List<Layer> strongEnough(Workload workload, Boundary least) {
    var layers = new LinkedHashSet<>(workload.suited());
    layers.addAll(List.of(Layer.values()));
    return layers.stream().filter(layer -> isStrongEnough(layer, least)).toList();
  }

  private static boolean isStrongEnough(Layer layer, Boundary least) {
    return layer.boundary().filter(boundary -> boundary.compareTo(least) >= 0).isPresent();
  }

  private static String names(List<Layer> layers) {
    return String.join(", ", layers.stream().map(Layer::typed).toList());
  }

  private static String words(Boundary boundary) {
    return "at least `%s`".formatted(boundary.typed());
  }
}

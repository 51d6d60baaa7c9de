package dev.holdfast.workbench;

import java.util.Map;

/**
 * What whoever runs an installation demands of the isolation, beyond what workloads demand.
 *
 * @param everywhere the weakest boundary that anything may have
 * @param byWorkload the same for some workloads
 */
public record PlacementRules(Boundary everywhere, Map<Workload, Boundary> byWorkload) {
  /** No demand beyond those of the workloads. */
  public static final PlacementRules NONE = new PlacementRules(Boundary.SHARED_KERNEL, Map.of());

  public PlacementRules {
    byWorkload = Map.copyOf(byWorkload);
  }

  /** The weakest boundary that the workload may have: the strongest demand of all. */
  public Boundary least(Workload workload) {
    Boundary least = workload.least();
    Boundary own = byWorkload.getOrDefault(workload, Boundary.SHARED_KERNEL);
    least = own.compareTo(least) > 0 ? own : least;
    return everywhere.compareTo(least) > 0 ? everywhere : least;
  }
}

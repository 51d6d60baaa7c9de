package dev.holdfast.workbench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PlacerTest {
  private static final PlacementRules RULES =
      new PlacementRules(Boundary.SHARED_KERNEL, Map.of(Workload.SHARED, Boundary.OWN_KERNEL));

  /** An engine that nobody asks for a workbench. */
  private record Named(Layer layer) implements WorkbenchEngine {
    @Override
    public int owner() {
      return 1;
    }

    @Override
    public Workbench create(WorkbenchSpec spec) {
      throw new WorkbenchException("no workbench was expected");
    }

    @Override
    public void close() {}
  }

  private static Placer placer(PlacementRules rules, Layer... working) {
    return new Placer(
        rules,
        layer -> {
          if (!Set.of(working).contains(layer)) {
            throw new WorkbenchException("not installed");
          }
          return new Named(layer);
        });
  }

  private static Placement place(Workload workload, PlacementRules rules, Layer... working) {
    return placer(rules, working).place(workload, Optional.empty());
  }

  @Test
  void theBestLayerThatWorksIsChosenAndTheReasonSaysWhatWasPassedOver() {
    var all = Layer.values();
    assertThat(place(Workload.LOCAL, PlacementRules.NONE, all).layer()).isEqualTo(Layer.CONTAINER);
    assertThat(place(Workload.MULTI_TENANT, PlacementRules.NONE, all).layer())
        .isEqualTo(Layer.GVISOR);
    assertThat(place(Workload.UNKNOWN_CODE, PlacementRules.NONE, all).layer())
        .isEqualTo(Layer.MICROVM);
    var second = place(Workload.UNKNOWN_CODE, PlacementRules.NONE, Layer.CONTAINER, Layer.GVISOR);
    assertThat(second.layer()).isEqualTo(Layer.GVISOR);
    assertThat(second.reason()).contains("passed over microvm, kata: not installed");
  }

  @Test
  void whatIsDemandedIsKeptOrTheWorkIsRefused() {
    assertThatThrownBy(
            () -> place(Workload.MULTI_TENANT, PlacementRules.NONE, Layer.CONTAINER, Layer.DOCKER))
        .isInstanceOf(WorkbenchException.class)
        .hasMessageContaining("demands at least `kernel-in-user-space`")
        .hasMessageContaining("gvisor, microvm, kata: not installed");
    assertThatThrownBy(() -> place(Workload.SHARED, RULES, Layer.CONTAINER, Layer.GVISOR))
        .hasMessageContaining("demands at least `own-kernel`");
    assertThat(place(Workload.SHARED, RULES, Layer.CONTAINER, Layer.MICROVM).layer())
        .isEqualTo(Layer.MICROVM);
  }

  @Test
  void aLayerThatIsAskedForMustBeStrongEnoughAndWork() {
    var placer = placer(RULES, Layer.CONTAINER, Layer.GVISOR, Layer.MICROVM);
    assertThat(placer.place(Workload.LOCAL, Optional.of(Layer.GVISOR)).layer())
        .isEqualTo(Layer.GVISOR);
    assertThatThrownBy(() -> placer.place(Workload.SHARED, Optional.of(Layer.GVISOR)))
        .hasMessageContaining("layer `gvisor` is not allowed for workload `shared`")
        .hasMessageContaining("microvm, kata have");
    assertThatThrownBy(() -> placer.place(Workload.LOCAL, Optional.of(Layer.DOCKER)))
        .hasMessageContaining("not installed");
  }

  @Test
  void aFunctionGoesInThisProcessOnlyWhereTheHostsKernelIsEnough() {
    var placer = placer(RULES, Layer.values());
    assertThat(placer(PlacementRules.NONE).function(Workload.LOCAL).layer()).isEqualTo(Layer.WASM);
    assertThatThrownBy(() -> placer.function(Workload.SHARED))
        .hasMessageContaining("layer `wasm` is not allowed for workload `shared`");
    assertThatThrownBy(() -> placer.place(Workload.LOCAL, Optional.of(Layer.WASM)))
        .hasMessageContaining("is not allowed");
  }

  @ParameterizedTest
  @EnumSource(Workload.class)
  void noRuleMakesAWorkloadsOwnDemandWeakerAndNoChoiceIsBelowIt(Workload workload) {
    for (Boundary everywhere : Boundary.values()) {
      for (Boundary own : Boundary.values()) {
        var rules = new PlacementRules(everywhere, Map.of(workload, own));
        assertThat(rules.least(workload)).isGreaterThanOrEqualTo(workload.least());
        assertThat(rules.least(workload)).isGreaterThanOrEqualTo(everywhere);
        assertThat(rules.least(workload)).isGreaterThanOrEqualTo(own);
        assertThat(place(workload, rules, Layer.values()).layer().boundary().orElseThrow())
            .isGreaterThanOrEqualTo(rules.least(workload));
      }
    }
  }
}

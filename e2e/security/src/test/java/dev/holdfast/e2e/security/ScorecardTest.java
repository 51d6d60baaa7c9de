package dev.holdfast.e2e.security;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.scorecard.Attack;
import dev.holdfast.scorecard.Attacks;
import dev.holdfast.scorecard.Score;
import dev.holdfast.scorecard.Scorecard;
import dev.holdfast.scorecard.Verdict;
import dev.holdfast.testkit.workbench.Claiming;
import dev.holdfast.testkit.workbench.Wrapped;
import dev.holdfast.workbench.Caps;
import dev.holdfast.workbench.Layer;
import dev.holdfast.workbench.Mount;
import dev.holdfast.workbench.Workbench;
import dev.holdfast.workbench.WorkbenchCheckpoint.Content;
import dev.holdfast.workbench.WorkbenchEngine;
import dev.holdfast.workbench.WorkbenchException;
import dev.holdfast.workbench.WorkbenchSpec;
import dev.holdfast.workbench.microvm.MicrovmEngine;
import dev.holdfast.workbench.oci.OciEngine;
import dev.holdfast.workbench.wasm.WasmEngine;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every attack on the layers that need no daemon, and what the scorecard says where one works. */
@Timeout(300)
class ScorecardTest {
  @TempDir Path home;

  private static WorkbenchEngine open(Layer layer, Path home) {
    return switch (layer) {
      case CONTAINER -> OciEngine.open(home);
      case GVISOR -> OciEngine.openGvisor(home);
      case MICROVM -> MicrovmEngine.open(home);
      case WASM -> new WasmEngine();
      case DOCKER, PODMAN, KATA -> throw new IllegalArgumentException(layer.typed());
    };
  }

  private static Scorecard score(List<Attack> attacks, WorkbenchEngine engine) throws Exception {
    return Scorecard.make(
        attacks, List.of(engine.layer()), _ -> engine, (layer, attack, verdict) -> {});
  }

  private static Stream<Verdict> verdicts(Scorecard card) {
    return card.scores().stream()
        .flatMap(score -> ((Score.Attacked) score).verdicts().values().stream());
  }

  @ParameterizedTest
  @EnumSource(names = {"CONTAINER", "GVISOR", "MICROVM", "WASM"})
  void everyAttackIsContained(Layer layer) throws Exception {
    assertContained(open(layer, home));
  }

  /** Nothing of how the workspace came must help. */
  @Test
  void everyAttackIsContainedOnGvisorWhereTheWorkspaceCameLater() throws Exception {
    assertContained(new Claiming(OciEngine.openGvisor(home)));
  }

  /** Its files come another way, and a program of the host's stays in it. */
  @Test
  void everyAttackIsContainedInAMicrovmWhoseMemoryCanBeSaved() throws Exception {
    assertContained(new Saving(MicrovmEngine.open(home)));
  }

  private record Saving(WorkbenchEngine engine) implements Wrapped {
    @Override
    public Workbench create(WorkbenchSpec spec) {
      return engine.create(spec.saving(Content.FILES_AND_MEMORY));
    }
  }

  private static void assertContained(WorkbenchEngine all) throws Exception {
    try (WorkbenchEngine engine = all) {
      Layer layer = engine.layer();
      Scorecard card = score(Attacks.all(), engine);

      var verdicts = new HashMap<>(((Score.Attacked) card.scores().getFirst()).verdicts());
      assertThat(verdicts).hasSameSizeAs(Attacks.all());
      verdicts.keySet().removeIf(attack -> attack.without(layer).isPresent());
      assertThat(verdicts).hasSizeGreaterThan(18);
      verdicts.values().removeIf(Verdict.Held.class::isInstance);
      assertThat(verdicts).isEmpty();
      assertThat(card.hasBroken() || card.hasUnclear()).isFalse();
    }
  }

  /** A workbench that holds less than it says, and has directories of the host in it. */
  private record Weakened(WorkbenchEngine engine, List<Mount> mounts) implements Wrapped {
    @Override
    public Workbench create(WorkbenchSpec spec) {
      return engine.create(
          new WorkbenchSpec(
              spec.id(), spec.workspace(), mounts, Caps.DEFAULT, spec.env(), spec.root()));
    }
  }

  @Test
  void whatWorksInAWeakenedWorkbenchIsReported() throws Exception {
    var tmp = new Mount(Path.of("/tmp"), "/mnt", Mount.Access.READ_ONLY);
    try (WorkbenchEngine engine = new Weakened(OciEngine.open(home), List.of(tmp))) {
      List<Attack> attacks =
          Stream.of("file-size", "host-files", "open-files", "mounts").map(Attacks::named).toList();

      Scorecard card = score(attacks, engine);

      assertThat(verdicts(card).map(Verdict::getClass).<Object>map(Class::getSimpleName))
          .containsExactly("Broken", "Broken", "Broken", "Held");
      assertThat(card.hasBroken()).isTrue();
    }
  }

  @Test
  void whatModulesDoInAWeakenedWorkbenchIsReported() throws Exception {
    try (WorkbenchEngine engine = new Weakened(new WasmEngine(), List.of())) {
      Scorecard card =
          score(Stream.of("file-size", "host-files").map(Attacks::named).toList(), engine);

      assertThat(verdicts(card).map(Verdict::getClass).<Object>map(Class::getSimpleName))
          .containsExactly("Broken", "Held");
    }
  }

  @Test
  void aLayerThatMakesNoWorkbenchIsUnknownAndOneThatDoesNotOpenIsNotHere() throws Exception {
    Scorecard card =
        Scorecard.make(
            List.of(Attacks.named("mounts")),
            List.of(Layer.CONTAINER, Layer.PODMAN),
            layer -> {
              if (layer == Layer.PODMAN) {
                throw new WorkbenchException("podman is missing");
              }
              return new MakesNone();
            },
            (layer, attack, verdict) -> {});

    assertThat(card.hasBroken()).isFalse();
    assertThat(card.hasUnclear()).isTrue();
    assertThat(card.scores().get(1))
        .isEqualTo(new Score.NotHere(Layer.PODMAN, "podman is missing"));
  }

  private record MakesNone() implements WorkbenchEngine {
    @Override
    public Layer layer() {
      return Layer.CONTAINER;
    }

    @Override
    public int owner() {
      return OciEngine.OWNER;
    }

    @Override
    public Workbench create(WorkbenchSpec spec) {
      throw new WorkbenchException("the runtime does not start");
    }

    @Override
    public void close() {}
  }
}

package dev.holdfast.scorecard;

import dev.holdfast.workbench.Caps;
import dev.holdfast.workbench.Layer;
import dev.holdfast.workbench.Workbench;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes attacks on workbenches of any layer and judges them, by what the attacker saw, by the bait,
 * by the host's settings and by whether the workbench still serves afterwards.
 */
public final class Assault {
  private final Bait bait;
  private final Layer layer;
  private final Arms arms;

  /**
   * @param bait what is laid out on the host
   * @param caps what the attacked workbenches were given
   * @param layer what they are isolated by
   */
  public Assault(Bait bait, Caps caps, Layer layer) {
    this.bait = bait;
    this.layer = layer;
    this.arms =
        layer == Layer.WASM
            ? new ModuleArms(bait.places())
            : new ProgramArms(bait.arguments(), caps, layer);
  }

  /** Makes one attack. Unless it was held, the workbench should not be used again. */
  public Verdict make(Attack attack, Workbench workbench) {
    HostState before = HostState.now();
    Arms.Blow blow = arms.strike(attack, workbench);
    var harm = new ArrayList<>(bait.traces(blow.loot()));
    harm.addAll(before.changesTo(HostState.now()));
    Verdict verdict = attack.judge(blow.attempts(), layer);
    if (verdict instanceof Verdict.Broken(List<String> evidence)) {
      harm.addAll(evidence);
    }
    if (!harm.isEmpty()) {
      return new Verdict.Broken(harm);
    }
    return blow.otherwise().orElseGet(() -> held(verdict, workbench));
  }

  private Verdict held(Verdict verdict, Workbench workbench) {
    return arms.serves(workbench)
        ? verdict
        : new Verdict.Broken(List.of("the workbench serves no longer"));
  }
}

package dev.holdfast.testkit.workbench;

import dev.holdfast.workbench.Checkpoints;
import dev.holdfast.workbench.Workbench;
import dev.holdfast.workbench.WorkbenchEngine;
import dev.holdfast.workbench.WorkbenchKind;
import dev.holdfast.workbench.WorkbenchSpec;
import java.util.Optional;

/**
 * An engine whose workbenches over a workspace are started without it and claimed at once: for the
 * contract of those that were held ready.
 */
public record Claiming(WorkbenchEngine engine) implements Wrapped {
  @Override
  public Workbench create(WorkbenchSpec spec) {
    return spec.workspace()
        .map(place -> engine.standBy(WorkbenchKind.of(spec)).orElseThrow().claim(place))
        .orElseGet(() -> engine.create(spec));
  }

  @Override
  public Optional<Checkpoints> checkpoints() {
    return engine.checkpoints();
  }
}

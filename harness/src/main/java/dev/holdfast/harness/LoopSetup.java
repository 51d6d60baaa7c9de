package dev.holdfast.harness;

import dev.holdfast.budget.Ledger;
import dev.holdfast.harness.model.Model;
import dev.holdfast.run.BlobStore;
import dev.holdfast.run.EventLog;
import dev.holdfast.run.Intake;
import dev.holdfast.run.RunId;
import java.util.List;

/**
 * What a loop works with.
 *
 * @param models the one to ask, then those to fall back to; at least one
 */
public record LoopSetup(
    RunId run,
    Intake intake,
    EventLog log,
    BlobStore blobs,
    Ledger ledger,
    ToolPort tools,
    List<Model> models,
    LoopListener listener,
    Pause pause) {
  public LoopSetup {
    models = List.copyOf(models);
    if (models.isEmpty()) {
      throw new IllegalArgumentException("a loop needs at least one model");
    }
  }
}

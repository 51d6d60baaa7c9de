package dev.holdfast.server.api;

import dev.holdfast.server.workbench.SavedSession;
import dev.holdfast.workbench.WorkbenchCheckpoint.Content;
import java.time.Instant;
import java.util.Optional;

/** A checkpoint, as the API shows it. */
record CheckpointView(
    String id,
    Optional<String> name,
    String workbench,
    String layer,
    boolean memory,
    Optional<String> repository,
    Instant taken,
    long bytes) {
  static CheckpointView of(SavedSession saved) {
    var checkpoint = saved.checkpoint();
    return new CheckpointView(
        checkpoint.id().value(),
        saved.name(),
        checkpoint.workbench().value(),
        checkpoint.layer().typed(),
        checkpoint.content() == Content.FILES_AND_MEMORY,
        saved.repository(),
        checkpoint.taken(),
        checkpoint.bytes());
  }
}

package dev.holdfast.server.api;

import dev.holdfast.server.workbench.BackgroundProcess;
import dev.holdfast.server.workbench.EndText;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A background process, as the API shows it. */
record ProcessView(
    String id,
    List<String> command,
    boolean terminal,
    Instant started,
    Optional<Map<String, Object>> end) {
  static ProcessView of(BackgroundProcess process) {
    return new ProcessView(
        process.id(),
        process.command(),
        process.terminal(),
        process.started(),
        process.end().map(EndText::view));
  }
}

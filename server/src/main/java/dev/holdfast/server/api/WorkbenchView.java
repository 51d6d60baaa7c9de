package dev.holdfast.server.api;

import dev.holdfast.server.workbench.LiveWorkbench;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/** A workbench, as the API shows it. */
record WorkbenchView(
    String id,
    Optional<String> name,
    String layer,
    String reason,
    Optional<String> image,
    Optional<String> repository,
    Instant created,
    boolean alive,
    String state) {
  static WorkbenchView of(LiveWorkbench workbench) {
    var placement = workbench.placement();
    var state = workbench.state();
    return new WorkbenchView(
        workbench.id().value(),
        workbench.name(),
        placement.layer().typed(),
        placement.reason(),
        placement.image().map(Object::toString),
        workbench.repository(),
        workbench.created(),
        state != LiveWorkbench.State.GONE,
        state.name().toLowerCase(Locale.ROOT));
  }
}

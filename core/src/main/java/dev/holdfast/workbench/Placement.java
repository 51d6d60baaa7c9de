package dev.holdfast.workbench;

import dev.holdfast.image.Digest;
import java.util.Optional;

/**
 * On which layer and on which system workbenches are made, and why.
 *
 * @param workload what kind of work it is for
 * @param reason for a reader of the log
 * @param image the manifest of the image that is the system; empty for the host's own
 */
public record Placement(Workload workload, Layer layer, String reason, Optional<Digest> image) {
  /** What holds where nothing was recorded. */
  public static final Placement DEFAULT =
      new Placement(Workload.LOCAL, Layer.CONTAINER, "the default");

  /** On the host's own system. */
  public Placement(Workload workload, Layer layer, String reason) {
    this(workload, layer, reason, Optional.empty());
  }

  /** The same on an image. */
  public Placement on(Digest other) {
    return new Placement(workload, layer, reason, Optional.of(other));
  }
}

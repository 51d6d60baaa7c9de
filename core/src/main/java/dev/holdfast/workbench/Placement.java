package dev.holdfast.workbench;

import dev.holdfast.image.Digest;
import java.util.Optional;

/**
 * On which layer and on which system workbenches are made, and why.
 *
 * @param reason for a reader of the log
 * @param image the manifest of the image that is the system; empty for the host's own
 */
public record Placement(Layer layer, String reason, Optional<Digest> image) {
  /** What holds where nothing else was said or recorded. */
  public static final Placement DEFAULT = new Placement(Layer.CONTAINER, "the default");

  /** On the host's own system. */
  public Placement(Layer layer, String reason) {
    this(layer, reason, Optional.empty());
  }

  /** The same on an image. */
  public Placement on(Digest other) {
    return new Placement(layer, reason, Optional.of(other));
  }
}

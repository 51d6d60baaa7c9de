package dev.holdfast.workbench;

/**
 * On which layer workbenches are made, and why.
 *
 * @param reason for a reader of the log
 */
public record Placement(Layer layer, String reason) {
  /** What holds where nothing else was said or recorded. */
  public static final Placement DEFAULT = new Placement(Layer.CONTAINER, "the default");
}

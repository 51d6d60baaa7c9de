package dev.holdfast.tool;

import java.time.Duration;

/** The most that one call of a tool may take: time, and bytes of output shown to the model. */
public record ToolLimits(Duration time, int outputBytes) {
  public static final ToolLimits DEFAULT = new ToolLimits(Duration.ofMinutes(2), 32 << 10);
}

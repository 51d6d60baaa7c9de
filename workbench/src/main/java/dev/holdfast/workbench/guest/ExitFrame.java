package dev.holdfast.workbench.guest;

import dev.holdfast.workbench.End;
import dev.holdfast.workbench.ResourceUse;
import java.nio.ByteBuffer;
import java.time.Duration;

/**
 * What the guest says about an execution's end.
 *
 * @param complete bit 0: stdout is complete; bit 1: stderr is
 * @param outOfMemory whether it saw the kernel kill for want of memory since the last end
 */
record ExitFrame(End end, int complete, boolean outOfMemory, ResourceUse use) {
  private static final int OUT_OF_MEMORY = 4;
  private static final int FIXED = 38;
  private static final int MAX_SIGNAL = 64;

  static ExitFrame parse(ByteBuffer payload) throws ProtocolViolation {
    if (payload.remaining() < FIXED) {
      throw new ProtocolViolation("an end of `%d` bytes".formatted(payload.remaining()));
    }
    int kind = payload.get();
    int complete = payload.get();
    int value = payload.getInt();
    var use = new ResourceUse(micros(payload), micros(payload), micros(payload), positive(payload));
    String reason = Frames.takeString(payload);
    boolean outOfMemory = (complete & OUT_OF_MEMORY) != 0;
    return new ExitFrame(end(kind, value, reason), complete & 3, outOfMemory, use);
  }

  private static End end(int kind, int value, String reason) throws ProtocolViolation {
    if (kind == 0 && value >= 0 && value <= 255) {
      return new End.Exited(value);
    }
    if (kind == 1 && value >= 1 && value <= MAX_SIGNAL) {
      return new End.Signalled(value);
    }
    if (kind == 2) {
      return new End.NotStarted(reason);
    }
    throw new ProtocolViolation("an end of kind `%d` with value `%d`".formatted(kind, value));
  }

  private static Duration micros(ByteBuffer payload) throws ProtocolViolation {
    return Duration.ofNanos(Math.multiplyExact(positive(payload) % (Long.MAX_VALUE / 1000), 1000L));
  }

  private static long positive(ByteBuffer payload) throws ProtocolViolation {
    long value = payload.getLong();
    if (value < 0) {
      throw new ProtocolViolation("a use of `%d`".formatted(value));
    }
    return value;
  }
}

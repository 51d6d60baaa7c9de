package dev.holdfast.workbench.guest;

import java.nio.ByteBuffer;

/** What the frames of one stream go to. Called by the channel's reader, which must never wait. */
interface FrameStream {
  /** A frame of this stream. The payload is only valid during the call. */
  void onFrame(int type, int sub, ByteBuffer payload) throws ProtocolViolation;

  /** The channel is no more; no frame follows. */
  void onEnd(ChannelEnd end);

  /** The workbench was held still for so many nanoseconds, which do not count. */
  default void onHeld(long nanos) {}

  /**
   * Looks at the clock.
   *
   * @return when to look again, on the clock of {@link System#nanoTime()}
   */
  default long onTick(long now) {
    return now + Limits.QUIET.toNanos();
  }
}

package dev.holdfast.workbench.guest;

/**
 * Why a channel is no more.
 *
 * @param detail for a reader: what was seen
 */
public record ChannelEnd(Cause cause, String detail) {
  /** Who or what ended it. */
  public enum Cause {
    /** The host closed it. */
    CLOSED,
    /** The guest is gone, or the stream to it broke. */
    GUEST_GONE,
    /** The guest sent what the protocol does not allow. */
    VIOLATION,
    /** The guest did not answer, or did not read, for too long. */
    SILENT
  }

  @Override
  public String toString() {
    return detail;
  }
}

package dev.holdfast.workbench.guest;

import java.util.OptionalLong;

/** Asked when a program died of SIGKILL (or a shell says that one did): was it for memory? */
@FunctionalInterface
public interface OomProbe {
  /** For layers that cannot tell. */
  OomProbe NEVER = _ -> OptionalLong.empty();

  /** For layers with a kernel of their own, where only the guest can tell. */
  static OomProbe asTheGuestSays(long limitBytes) {
    return said -> said ? OptionalLong.of(limitBytes) : OptionalLong.empty();
  }

  /**
   * The memory cap in bytes, when the kernel has killed for it inside the workbench since the last
   * time this was asked. Called by the channel's reader: it may read a small file, but not wait.
   *
   * @param guestSays whether the guest has seen it, which a layer may believe or not
   */
  OptionalLong reachedSinceLastAsked(boolean guestSays);
}

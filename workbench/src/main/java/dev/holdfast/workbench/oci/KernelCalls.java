package dev.holdfast.workbench.oci;

import java.util.List;

/** The system calls that the launcher, the guest and this engine cannot do without. */
public final class KernelCalls {
  private static final int ENOSYS = 38;

  /**
   * A call that is asked for, with arguments that make any kernel that has it refuse.
   *
   * @param number the same on every architecture: all are younger than the common table
   */
  private record Call(String name, String since, long number, long first, long second) {}

  private static final List<Call> NEEDED =
      List.of(
          new Call("pidfd_send_signal", "5.1", 424, -1, 0),
          new Call("open_tree", "5.2", 428, -1, 0),
          new Call("move_mount", "5.2", 429, -1, 0),
          new Call("fsopen", "5.2", 430, 0, -1),
          new Call("fsmount", "5.2", 432, -1, -1),
          new Call("pidfd_open", "5.3", 434, -1, 0),
          new Call("clone3", "5.3", 435, 0, 0),
          new Call("close_range", "5.9", 436, 1, 0),
          new Call("openat2", "5.6", 437, -1, 0),
          new Call("mount_setattr", "5.12", 442, -1, 0));

  private KernelCalls() {}

  /** Those that this kernel does not have, each with the release that brought it. */
  public static List<String> missing() {
    return NEEDED.stream()
        .filter(call -> errno(call) == ENOSYS)
        .map(call -> "%s (Linux %s)".formatted(call.name(), call.since()))
        .toList();
  }

  /** Safe: a pointer among the arguments is null or comes after one that is refused first. */
  private static long errno(Call call) {
    return Math.max(0, -Syscall.call(call.number(), call.first(), call.second(), 0, 0, 0));
  }
}

package dev.holdfast.workbench.oci;

/**
 * A device that a program in a jail may open beside the harmless ones: a node of its own, for the
 * agent's id alone, wherever the host's node may be and whoever may open that.
 *
 * @param path where the program finds it, below {@code /dev}
 * @param orders the kind of {@code ioctl} that it takes: the second byte of each one's number
 */
record Device(String path, int major, int minor, int orders) {
  /** Runs virtual machines. */
  static final Device KVM = new Device("/dev/kvm", 10, 232, 0xae);

  /** The system calls that a program with the device needs. */
  SeccompProfile seccomp() {
    var order = new SeccompProfile.Condition(1, 0xff00, (long) orders << 8);
    return SeccompProfile.shipped().withAllowed("ioctl", order, "what is asked of " + path);
  }

  /**
   * The entry of a v1 group's list. The launcher makes the node when it is in the group already.
   */
  String rule() {
    return "c %d:%d rwm".formatted(major, minor);
  }
}

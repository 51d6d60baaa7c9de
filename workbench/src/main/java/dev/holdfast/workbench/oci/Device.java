package dev.holdfast.workbench.oci;

/**
 * A device that a program in a jail may open beside the harmless ones: a node of its own, for the
 * agent's id alone, wherever the host's node may be and whoever may open that.
 *
 * @param path where the program finds it, below {@code /dev}
 */
record Device(String path, int major, int minor) {
  /** Runs virtual machines. */
  static final Device KVM = new Device("/dev/kvm", 10, 232);

  /**
   * The entry of a v1 group's list. The launcher makes the node when it is in the group already.
   */
  String rule() {
    return "c %d:%d rwm".formatted(major, minor);
  }
}

package dev.holdfast.workbench;

import java.util.Locale;

/** What stands between a program and the host, weakest first. */
public enum Boundary {
  /** The host's own kernel, with as little of it in reach as possible. */
  SHARED_KERNEL,
  /** A kernel in user space, which makes few calls of its own to the host's. */
  KERNEL_IN_USER_SPACE,
  /** A kernel of its own, in a virtual machine. */
  OWN_KERNEL;

  /** Its name in configuration and messages. */
  public String typed() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}

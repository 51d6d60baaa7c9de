package dev.holdfast.workspace.overlay;

import java.io.IOException;

/** A system call failed. */
final class SystemError extends IOException {
  private static final long serialVersionUID = 1L;
  static final int ENOENT = 2;
  static final int ENXIO = 6;
  static final int EBUSY = 16;
  static final int EEXIST = 17;
  static final int ENOTDIR = 20;
  static final int EINVAL = 22;
  static final int ELOOP = 40;
  static final int ENODATA = 61;

  private final int errno;

  SystemError(String call, String subject, int errno) {
    super("%s `%s`: %s".formatted(call, subject, Kernel.describe(errno)));
    this.errno = errno;
  }

  int errno() {
    return errno;
  }
}

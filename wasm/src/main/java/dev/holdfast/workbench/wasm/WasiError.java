package dev.holdfast.workbench.wasm;

/** A call of a program fails with an error number; the program goes on. */
final class WasiError extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final Errno errno;

  WasiError(Errno errno) {
    super(errno.name(), null, false, false);
    this.errno = errno;
  }

  Errno errno() {
    return errno;
  }
}

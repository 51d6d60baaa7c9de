package dev.holdfast.policy.shell;

/** Thrown inside the reader to give up; it never leaves the package. */
final class Unreadable extends RuntimeException {
  private static final long serialVersionUID = 1L;

  Unreadable(String reason) {
    super(reason, null, false, false);
  }
}

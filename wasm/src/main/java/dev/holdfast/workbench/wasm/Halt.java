package dev.holdfast.workbench.wasm;

import dev.holdfast.workbench.End;

/** Thrown through a program's frames to end it. */
final class Halt extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient End end;

  Halt(End end) {
    super(end.toString(), null, false, false);
    this.end = end;
  }

  End end() {
    return end;
  }
}

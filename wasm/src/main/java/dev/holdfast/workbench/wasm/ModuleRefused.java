package dev.holdfast.workbench.wasm;

/** A module cannot be run. The message says what is wrong with it and what is allowed. */
final class ModuleRefused extends RuntimeException {
  private static final long serialVersionUID = 1L;

  ModuleRefused(String message) {
    super(message, null, false, false);
  }
}

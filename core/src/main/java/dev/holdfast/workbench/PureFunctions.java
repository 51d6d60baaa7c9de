package dev.holdfast.workbench;

/**
 * Runs WebAssembly modules as functions: in this process, each call in an instance of its own, with
 * nothing but what the call is given. Thread-safe.
 */
public interface PureFunctions {
  /**
   * Refuses a module that can never be called, without running or compiling it.
   *
   * @throws IllegalArgumentException saying what is wrong with it and what is allowed
   */
  void check(FunctionModule module);

  /**
   * Calls the module's {@code _start} and waits for the end. Never hangs and never throws for what
   * the module does: a trap or a breach of a limit is the result's {@link ExecResult#end()}.
   */
  ExecResult call(FunctionModule module, FunctionCall call);
}

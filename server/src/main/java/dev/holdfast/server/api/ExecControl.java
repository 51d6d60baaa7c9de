package dev.holdfast.server.api;

import dev.holdfast.workbench.ExecSpec.TerminalSize;
import dev.holdfast.workbench.Execution;
import java.util.Optional;

/** What a client says to a program beside its input. */
record ExecControl(Optional<Integer> signal, Optional<TerminalSize> resize, boolean endOfInput) {
  /**
   * Does it.
   *
   * @throws IllegalArgumentException when there is no such signal
   */
  void apply(Execution execution, StreamInput input) {
    signal.ifPresent(execution::signal);
    resize.ifPresent(execution::resize);
    if (endOfInput) {
      input.end();
    }
  }
}

package dev.holdfast.tool.gate;

import dev.holdfast.tool.CallId;
import java.util.Optional;

/**
 * The person a run acts for, as far as they can be reached. Implementations record what is said.
 */
public interface Person {
  /** Asks for approval and waits, within limits of its own. */
  Answer approve(RunSession run, ApprovalRequest request);

  /** Asks a question and waits; empty when nobody answers. */
  Optional<String> ask(RunSession run, CallId call, String question);

  /** Shows what a running tool says. */
  void progress(RunSession run, CallId call, String text);
}

package dev.holdfast.runs;

import dev.holdfast.actor.UserId;
import dev.holdfast.tool.gate.Answer;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Where the person sits, when they are there: a terminal. Both methods return early with what
 * {@code elsewhere} supplies, as another process may answer first.
 */
public interface Counter {
  /** The person at this counter. */
  UserId person();

  /** Asks for a yes or a no. */
  Answer approve(String subject, Supplier<Optional<Answer>> elsewhere);

  /** Asks a question; empty when the person leaves it unanswered. */
  Optional<String> ask(String question, Supplier<Optional<String>> elsewhere);

  /** Shows what a running tool says. */
  void progress(String text);
}

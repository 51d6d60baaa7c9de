package dev.holdfast.harness;

import dev.holdfast.budget.Amounts;
import dev.holdfast.harness.model.ModelFailure;
import dev.holdfast.harness.model.ModelName;
import dev.holdfast.run.Autonomy;
import dev.holdfast.tool.Outcome;
import dev.holdfast.tool.ToolCall;
import java.time.Duration;

/**
 * Watches a loop. The methods are called on the loop's threads; those of concurrent calls
 * concurrently.
 */
public interface LoopListener {
  /** Watches nothing. */
  LoopListener NONE = new LoopListener() {};

  /**
   * A turn is about to begin. May block, for a person who takes over; what was logged meanwhile is
   * read.
   */
  default void turnStarts(int turn) throws InterruptedException {}

  /** The model is asked. */
  default void asking(int turn, ModelName model) {}

  /** A piece of the answer's text. When the model fails afterwards, the pieces so far are void. */
  default void text(String piece) {}

  default void answered(int turn, ModelName model, Amounts used) {}

  /** The model did not answer. {@code wait}: zero when it is not asked again. */
  default void modelFailed(ModelName model, ModelFailure failure, Duration wait) {}

  default void callStarts(ToolCall call) {}

  default void callEnded(ToolCall call, Outcome outcome) {}

  default void autonomyChanged(Autonomy from, Autonomy to, String why) {}
}

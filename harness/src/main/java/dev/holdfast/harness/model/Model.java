package dev.holdfast.harness.model;

import java.util.function.Consumer;

/** A language model. Thread-safe, without memory between questions. */
public interface Model extends AutoCloseable {
  ModelName name();

  ModelFacts facts();

  /**
   * Asks once; retries are the caller's, so that each one is logged.
   *
   * @param onText gets the answer's text piece by piece while it is written
   * @throws ModelException when there is no whole answer
   * @throws InterruptedException when the thread was interrupted while it waited
   */
  ModelAnswer ask(ModelRequest request, Consumer<String> onText) throws InterruptedException;

  @Override
  default void close() {}
}

package dev.holdfast.harness.model;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/**
 * Waits for a provider's library, which does not hear an interrupt and knows no limit for a whole
 * answer: the work runs on a thread of its own, where a blocked read can be interrupted.
 */
final class Patience {
  /** The longest silence within an answer. */
  static final Duration SILENCE = Duration.ofMinutes(5);

  /** The longest that a whole answer may take. */
  static final Duration ANSWER = Duration.ofMinutes(30);

  static final Duration CONNECT = Duration.ofSeconds(10);

  private Patience() {}

  /**
   * Does {@code work} and returns what it returns.
   *
   * @param failure says what an exception of the library means
   */
  static ModelAnswer within(
      Duration limit, Callable<ModelAnswer> work, Function<RuntimeException, ModelFailure> failure)
      throws InterruptedException {
    var task = new FutureTask<>(work);
    var thread = Thread.ofVirtual().name("model").start(task);
    try {
      return task.get(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw new ModelException(
          new ModelFailure.Unavailable("no whole answer within %d s".formatted(limit.toSeconds())),
          e);
    } catch (ExecutionException e) {
      throw thrown(e, failure);
    } finally {
      // Harmless when it has ended; otherwise it makes the blocked read fail and close its socket.
      thread.interrupt();
    }
  }

  private static ModelException thrown(
      ExecutionException e, Function<RuntimeException, ModelFailure> failure) {
    switch (e.getCause()) {
      case ModelException known -> {
        return known;
      }
      case RuntimeException other -> {
        return new ModelException(failure.apply(other), other);
      }
      case Error error -> throw error;
      case null, default -> {
        return new ModelException(new ModelFailure.Unavailable("the provider does not answer"), e);
      }
    }
  }
}

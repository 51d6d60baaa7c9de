package dev.holdfast.harness;

import dev.holdfast.harness.model.ModelFailure;
import java.time.Duration;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** How long to wait before a model is asked again: twice as long each time, unless it says. */
final class Backoff {
  static final int ATTEMPTS = 5;

  private static final long FIRST_MILLIS = 1_000;
  private static final long LONGEST_MILLIS = 60_000;

  /** A provider that asks for more than this is as good as down. */
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  private final RandomGenerator random;

  Backoff(RandomGenerator random) {
    this.random = random;
  }

  /**
   * The wait after attempt {@code attempt} failed; empty when there is no point in asking again.
   */
  Optional<Duration> after(int attempt, ModelFailure failure) {
    if (!failure.retriable() || attempt >= ATTEMPTS) {
      return Optional.empty();
    }
    var asked = failure.retryAfter();
    if (asked.isPresent()) {
      // Not a moment earlier than asked, and not everybody at the same moment.
      return asked
          .filter(wait -> !wait.isNegative() && wait.compareTo(PATIENCE) <= 0)
          .map(wait -> wait.plusMillis(random.nextLong(wait.toMillis() / 10 + 100)));
    }
    long full = Math.min(LONGEST_MILLIS, FIRST_MILLIS << (attempt - 1));
    return Optional.of(Duration.ofMillis(full / 2 + random.nextLong(full / 2 + 1)));
  }
}

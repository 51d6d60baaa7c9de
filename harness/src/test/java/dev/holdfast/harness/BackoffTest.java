package dev.holdfast.harness;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.harness.model.ModelFailure;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BackoffTest {
  private final Backoff backoff = new Backoff(new Random(1));

  private Optional<Duration> after(int attempt, Duration asked) {
    return backoff.after(attempt, new ModelFailure.RateLimited("slow", Optional.of(asked)));
  }

  @Test
  void itNeverComesEarlierThanAsked() {
    for (int i = 0; i < 100; i++) {
      assertThat(after(1, Duration.ofSeconds(30)).orElseThrow())
          .isBetween(Duration.ofSeconds(30), Duration.ofSeconds(34));
    }
  }

  @Test
  void aProviderThatAsksForHoursIsGivenUp() {
    assertThat(after(1, Duration.ofHours(3))).isEmpty();
  }

  @Test
  void itEndsAfterSomeAttemptsAndAtOnceWhereThereIsNoPoint() {
    assertThat(after(Backoff.ATTEMPTS, Duration.ZERO)).isEmpty();
    assertThat(backoff.after(1, new ModelFailure.Rejected("no"))).isEmpty();
  }
}

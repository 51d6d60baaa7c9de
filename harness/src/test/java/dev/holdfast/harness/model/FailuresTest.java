package dev.holdfast.harness.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FailuresTest {
  private final Failures failures = new Failures("top-secret");

  @Test
  void aMessageIsOneShortLineWithoutTheKey() {
    var message =
        failures.of(400, "top-secret\n\u001b[31m" + "x".repeat(9999), Optional.empty()).message();

    assertThat(message).doesNotContain("top-secret").doesNotContain("\n").doesNotContain("\u001b");
    assertThat(message.length()).isLessThan(600);
  }

  @Test
  void retryAfterIsReadAsSecondsOrAsADate() {
    assertThat(Failures.retryAfter(List.of("12"))).contains(Duration.ofSeconds(12));
    assertThat(Failures.retryAfter(List.of("0.5"))).contains(Duration.ofMillis(500));
    var soon =
        DateTimeFormatter.RFC_1123_DATE_TIME.format(
            ZonedDateTime.now(ZoneOffset.UTC).plusSeconds(60));
    assertThat(Failures.retryAfter(List.of(soon)).orElseThrow())
        .isBetween(Duration.ofSeconds(55), Duration.ofSeconds(61));
    for (var odd : List.of("", "-3", "soon", "9".repeat(40), "1e9")) {
      assertThat(Failures.retryAfter(List.of(odd))).as(odd).isEmpty();
    }
  }

  @Test
  void aDelayInTheMessageIsHeard() {
    assertThat(failures.of(429, "{\"retryDelay\": \"34.5s\"}", Optional.empty()).retryAfter())
        .contains(Duration.ofMillis(34_500));
  }

  @Test
  void aRateLimitThatSpeaksOfTheContextIsStillARateLimit() {
    assertThat(failures.of(429, "too many input tokens per minute", Optional.empty()))
        .isInstanceOf(ModelFailure.RateLimited.class);
  }
}

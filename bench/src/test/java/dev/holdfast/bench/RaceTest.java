package dev.holdfast.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class RaceTest {
  private final List<String> order = new ArrayList<>();

  private Contender named(String name, long nanos) {
    return () -> {
      order.add(name);
      return nanos;
    };
  }

  @Test
  void everybodyTakesTurns() throws Exception {
    new Race(named("ours", 1))
        .against("a", named("a", 2))
        .against("b", named("b", 3))
        .run(0, 3, Duration.ofMinutes(1));

    assertThat(order).containsExactly("ours", "a", "b", "ours", "a", "b", "ours", "a", "b");
  }

  @Test
  void aSlowPeerSitsOutRounds() throws Exception {
    Race.Outcome outcome =
        new Race(named("ours", 1)).against("slow", 4, named("slow", 2)).run(0, 9, LONG);

    assertThat(outcome.ours().size()).isEqualTo(9);
    assertThat(Objects.requireNonNull(outcome.peers().get("slow")).size()).isEqualTo(3);
  }

  @Test
  void theWarmUpIsNotCounted() throws Exception {
    Race.Outcome outcome = new Race(named("ours", 1)).against("a", named("a", 2)).run(5, 2, LONG);

    assertThat(order).hasSize(14);
    assertThat(outcome.ours().size()).isEqualTo(2);
    assertThat(Objects.requireNonNull(outcome.peers().get("a")).size()).isEqualTo(2);
  }

  @Test
  void oneRoundIsRunHoweverShortTheTime() throws Exception {
    Race.Outcome outcome =
        new Race(named("ours", 1)).against("a", named("a", 2)).run(0, 100, Duration.ZERO);

    assertThat(outcome.ours().size()).isEqualTo(1);
  }

  @Test
  void whoIsMissingIsNamed() throws Exception {
    Race.Outcome outcome =
        new Race(named("ours", 1)).without("docker", "not installed").run(0, 1, LONG);

    assertThat(outcome.missing()).containsEntry("docker", "not installed");
    assertThat(outcome.peers()).isEmpty();
  }

  private static final Contender FAILING =
      () -> {
        throw new BenchException("it broke");
      };

  @Test
  void aPeerThatFailsIsOutAndNamedAndTheOthersGoOn() throws Exception {
    Race.Outcome outcome =
        new Race(named("ours", 1))
            .against("bad", FAILING)
            .against("good", named("good", 2))
            .run(1, 3, LONG);

    assertThat(outcome.missing()).containsEntry("bad", "it broke");
    assertThat(outcome.peers()).containsOnlyKeys("good");
    assertThat(Objects.requireNonNull(outcome.peers().get("good")).size()).isEqualTo(3);
    assertThat(outcome.ours().size()).isEqualTo(3);
  }

  @Test
  void oursFailingEndsTheRace() {
    assertThatThrownBy(() -> new Race(FAILING).against("a", named("a", 1)).run(0, 1, LONG))
        .hasMessage("it broke");
  }

  private static final Duration LONG = Duration.ofMinutes(1);
}

package dev.holdfast.workbench.pool;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class DemandTest {
  private static final long SECOND = Duration.ofSeconds(1).toNanos();

  private final Demand demand = new Demand(Duration.ofSeconds(60), 0);

  @Test
  void oneIsWantedOfAKindThatIsNew() {
    assertThat(demand.wanted(SECOND)).isEqualTo(1);
  }

  @Test
  void asManyAsWereAskedForAtOnceAreWanted() {
    for (int i = 0; i < 5; i++) {
      demand.note(10 * SECOND + i);
    }
    demand.note(20 * SECOND);
    assertThat(demand.wanted(21 * SECOND)).isEqualTo(5);
  }

  @Test
  void burstsAreForgotten() {
    for (int i = 0; i < 5; i++) {
      demand.note(10 * SECOND + i);
    }
    demand.note(60 * SECOND);
    assertThat(demand.wanted(80 * SECOND)).isEqualTo(1);
  }

  @Test
  void noneIsWantedOfAKindThatNobodyAsksForAnyMore() {
    demand.note(10 * SECOND);
    assertThat(demand.wanted(71 * SECOND)).isZero();
  }
}

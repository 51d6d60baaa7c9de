package dev.holdfast.budget;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class LedgerTest {
  private static final Amounts ONE_CALL = Amounts.of(Meter.TOOL_CALLS, 1);

  @Test
  void refusesWhatWouldPassTheLimitAndSaysWhichOne() {
    var ledger = Ledger.of("run", Amounts.of(Meter.TOOL_CALLS, 2), Amounts.of(Meter.TOOL_CALLS, 1));
    ledger.hold(ONE_CALL);
    assertThatThrownBy(() -> ledger.hold(ONE_CALL))
        .isInstanceOf(BudgetExhausted.class)
        .hasMessage("budget `TOOL_CALLS` of `run` is used up: `2` of `2` are used or held");
  }

  @Test
  void settlingGivesBackWhatWasNotUsed() {
    var ledger = Ledger.of("run", Amounts.of(Meter.INPUT_TOKENS, 100), Amounts.NONE);
    var hold = ledger.hold(Amounts.of(Meter.INPUT_TOKENS, 80));
    ledger.settle(hold, Amounts.of(Meter.INPUT_TOKENS, 10));
    ledger.hold(Amounts.of(Meter.INPUT_TOKENS, 90));
    assertThat(ledger.used()).isEqualTo(Amounts.of(Meter.INPUT_TOKENS, 10));
    assertThat(ledger.usedPercent()).isEqualTo(100);
  }

  @Test
  void aMeterThatIsNamedMustHaveSomethingLeft() {
    var ledger = Ledger.of("run", Amounts.of(Meter.MICRO_USD, 5), Amounts.of(Meter.MICRO_USD, 7));
    assertThatThrownBy(() -> ledger.hold(Amounts.of(Meter.MICRO_USD, 0)))
        .isInstanceOf(BudgetExhausted.class);
    ledger.hold(ONE_CALL);
  }

  @Test
  void aNodeAboveCanBeTheTightOneAndThenNothingIsHeldBelow() {
    var limits = new LinkedHashMap<String, Amounts>();
    limits.put("org", Amounts.of(Meter.TOOL_CALLS, 1));
    limits.put("run", Amounts.of(Meter.TOOL_CALLS, 10));
    var ledger = Ledger.of(limits, Map.of());
    assertThatThrownBy(() -> ledger.hold(Amounts.of(Meter.TOOL_CALLS, 2)))
        .hasMessageContaining("of `org`");
    ledger.hold(ONE_CALL);
  }

  @Test
  void concurrentHoldsNeverPassTheLimit() throws Exception {
    var ledger = Ledger.of("run", Amounts.of(Meter.TOOL_CALLS, 1_000), Amounts.NONE);
    var granted = new AtomicInteger();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 3_000; i++) {
        threads.execute(() -> useOne(ledger, granted));
      }
    }
    assertThat(granted).hasValue(1_000);
  }

  private static void useOne(Ledger ledger, AtomicInteger granted) {
    try {
      ledger.settle(ledger.hold(ONE_CALL), ONE_CALL);
      granted.incrementAndGet();
    } catch (BudgetExhausted expected) {
      // two of three are
    }
  }
}

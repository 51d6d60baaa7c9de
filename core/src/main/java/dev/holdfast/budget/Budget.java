package dev.holdfast.budget;

import java.util.EnumMap;
import java.util.Map;

/** What one node of the budget tree may use, has used, and has promised. Guarded by its ledger. */
final class Budget {
  private final String node;
  private final Amounts limits;
  private final Map<Meter, Long> used = new EnumMap<>(Meter.class);
  private final Map<Meter, Long> held = new EnumMap<>(Meter.class);

  Budget(String node, Amounts limits, Amounts used) {
    this.node = node;
    this.limits = limits;
    this.used.putAll(used.byMeter());
  }

  /** Throws when holding {@code amounts} would pass a limit; changes nothing. */
  void check(Amounts amounts) {
    amounts
        .byMeter()
        .forEach(
            (meter, amount) -> {
              long limit = limits.byMeter().getOrDefault(meter, Long.MAX_VALUE);
              long taken = taken(meter);
              if (taken >= limit || amount > limit - taken) {
                throw new BudgetExhausted(node, meter, limit, taken);
              }
            });
  }

  void hold(Amounts amounts) {
    amounts.byMeter().forEach((meter, amount) -> held.merge(meter, amount, Math::addExact));
  }

  void settle(Amounts promised, Amounts actual) {
    promised.byMeter().forEach((meter, amount) -> held.merge(meter, -amount, Math::addExact));
    actual.byMeter().forEach((meter, amount) -> used.merge(meter, amount, Math::addExact));
  }

  Amounts used() {
    return new Amounts(used);
  }

  Amounts limits() {
    return limits;
  }

  int usedPercent() {
    long highest = 0;
    for (var limit : limits.byMeter().entrySet()) {
      long percent = limit.getValue() == 0 ? 100 : taken(limit.getKey()) * 100 / limit.getValue();
      highest = Math.max(highest, percent);
    }
    return (int) Math.min(100, highest);
  }

  private long taken(Meter meter) {
    return used.getOrDefault(meter, 0L) + held.getOrDefault(meter, 0L);
  }
}

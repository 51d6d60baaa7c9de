package dev.holdfast.budget;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeMap;

/**
 * The budgets that a run draws on: its own and those of every node above it. What will be used is
 * held first, in all of them or in none, and settled with what was really used. Thread-safe.
 */
public final class Ledger {
  private final List<Budget> budgets = new ArrayList<>();

  /**
   * A promise taken from every budget.
   *
   * @param amounts what was promised
   */
  public record Hold(Amounts amounts) {}

  /** A ledger with the run's own limits alone, of which {@code used} are used already. */
  public static Ledger of(String node, Amounts limits, Amounts used) {
    return of(new TreeMap<>(Map.of(node, limits)), Map.of(node, used));
  }

  /**
   * A ledger over several nodes.
   *
   * @param limits what each node may use, the root first; the last is the run itself
   * @param used what each node has used already; a missing one has used nothing
   */
  public static Ledger of(SequencedMap<String, Amounts> limits, Map<String, Amounts> used) {
    var ledger = new Ledger();
    limits.forEach(
        (node, limit) ->
            ledger.budgets.add(new Budget(node, limit, used.getOrDefault(node, Amounts.NONE))));
    if (ledger.budgets.isEmpty()) {
      throw new IllegalArgumentException("a ledger needs at least one budget");
    }
    return ledger;
  }

  private Ledger() {}

  /**
   * Holds {@code amounts}. A meter that is named, even with 0, must have something left.
   *
   * @throws BudgetExhausted naming the first budget that does not allow it; nothing is held then
   */
  public synchronized Hold hold(Amounts amounts) {
    budgets.forEach(budget -> budget.check(amounts));
    budgets.forEach(budget -> budget.hold(amounts));
    return new Hold(amounts);
  }

  /** Ends a hold and books what was really used, which may be more or less than was held. */
  public synchronized void settle(Hold hold, Amounts used) {
    budgets.forEach(budget -> budget.settle(hold.amounts(), used));
  }

  /** What the run has used. */
  public synchronized Amounts used() {
    return budgets.getLast().used();
  }

  /** What the run may use. */
  public synchronized Amounts limits() {
    return budgets.getLast().limits();
  }

  /** How much of the tightest budget is used or held, 0 to 100. */
  public synchronized int usedPercent() {
    return budgets.stream().mapToInt(Budget::usedPercent).max().orElse(100);
  }
}

package dev.holdfast.budget;

/** A budget does not allow what was about to be used. */
public final class BudgetExhausted extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String node;
  private final Meter meter;
  private final long limit;
  private final long used;

  public BudgetExhausted(String node, Meter meter, long limit, long used) {
    super(
        "budget `%s` of `%s` is used up: `%d` of `%d` are used or held"
            .formatted(meter, node, used, limit));
    this.node = node;
    this.meter = meter;
    this.limit = limit;
    this.used = used;
  }

  /** The node of the budget tree whose limit was met, for example {@code local/local/shop}. */
  public String node() {
    return node;
  }

  public Meter meter() {
    return meter;
  }

  public long limit() {
    return limit;
  }

  public long used() {
    return used;
  }
}

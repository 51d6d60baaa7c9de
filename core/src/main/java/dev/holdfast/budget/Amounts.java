package dev.holdfast.budget;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.EnumMap;
import java.util.Map;

/** An amount, 0 or more, of each meter. As a limit, a meter that is not named is not limited. */
public record Amounts(@JsonValue Map<Meter, Long> byMeter) {
  public static final Amounts NONE = new Amounts(Map.of());

  @JsonCreator
  public Amounts {
    byMeter.forEach(
        (meter, amount) -> {
          if (amount < 0) {
            throw new IllegalArgumentException(
                "amount `%d` of `%s` is not allowed: it must be 0 or more"
                    .formatted(amount, meter));
          }
        });
    byMeter = Map.copyOf(byMeter);
  }

  public static Amounts of(Meter meter, long amount) {
    return new Amounts(Map.of(meter, amount));
  }

  /** The amount of {@code meter}; 0 when it is not named. */
  public long get(Meter meter) {
    return byMeter.getOrDefault(meter, 0L);
  }

  public Amounts with(Meter meter, long amount) {
    var sum = new EnumMap<Meter, Long>(Meter.class);
    sum.putAll(byMeter);
    sum.put(meter, amount);
    return new Amounts(sum);
  }

  public Amounts plus(Amounts other) {
    var sum = new EnumMap<Meter, Long>(Meter.class);
    sum.putAll(byMeter);
    other.byMeter.forEach((meter, amount) -> sum.merge(meter, amount, Math::addExact));
    return new Amounts(sum);
  }
}

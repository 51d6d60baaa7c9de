package dev.holdfast.bench;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/**
 * What a row says.
 *
 * @param unit of every figure in {@code ours} and {@code peers}
 * @param peers each one's p50
 * @param missing peers that could not be measured here, and why
 * @param ratio ours to the peer that the promise names; above 0
 * @param met whether the promise is kept, in this run
 * @param notes further figures
 */
record Result(
    String row,
    String unit,
    Figures ours,
    SequencedMap<String, Double> peers,
    SequencedMap<String, String> missing,
    double ratio,
    String promise,
    boolean met,
    List<String> notes) {

  /** The median, the 99th percentile, and how many were measured. */
  record Figures(double p50, double p99, int n) {}

  /** The unit that durations are shown in. */
  enum Unit {
    MILLIS("ms", 1e6),
    MICROS("µs", 1e3);

    private final String symbol;
    private final double nanos;

    Unit(String symbol, double nanos) {
      this.symbol = symbol;
      this.nanos = nanos;
    }

    Figures figures(Samples samples) {
      return new Figures(
          samples.percentile(50) / nanos, samples.percentile(99) / nanos, samples.size());
    }

    double p50(Samples samples) {
      return samples.percentile(50) / nanos;
    }
  }

  static Result of(Row row, Unit unit, Race.Outcome race, Verdict verdict, String... notes) {
    var medians = new LinkedHashMap<String, Double>();
    race.peers().forEach((name, samples) -> medians.put(name, unit.p50(samples)));
    return new Result(
        row.name(),
        unit.symbol,
        unit.figures(race.ours()),
        medians,
        race.missing(),
        verdict.ratio(),
        verdict.promise(),
        verdict.met(),
        List.of(notes));
  }
}

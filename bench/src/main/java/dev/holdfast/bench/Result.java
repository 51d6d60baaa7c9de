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

  /** Durations in a unit of {@code nanosPerUnit} nanoseconds. */
  static Figures figures(Samples samples, double nanosPerUnit) {
    return new Figures(
        samples.percentile(50) / nanosPerUnit,
        samples.percentile(99) / nanosPerUnit,
        samples.size());
  }

  static SequencedMap<String, Double> medians(Race.Outcome outcome, double nanosPerUnit) {
    var medians = new LinkedHashMap<String, Double>();
    outcome
        .peers()
        .forEach((name, samples) -> medians.put(name, samples.percentile(50) / nanosPerUnit));
    return medians;
  }
}

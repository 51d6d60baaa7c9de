package dev.holdfast.bench;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/**
 * Measures ours and its peers interleaved, so that all of them meet the same noise. Each round
 * takes everyone once; slow peers sit out rounds, so that they do not eat the time.
 */
final class Race {
  private final Contender ours;
  private final Map<String, Entry> peers = new LinkedHashMap<>();
  private final SequencedMap<String, String> missing = new LinkedHashMap<>();

  private record Entry(Contender contender, int everyRounds) {}

  /**
   * What came out.
   *
   * @param missing peers that are not here, and why
   */
  record Outcome(
      Samples ours, SequencedMap<String, Samples> peers, SequencedMap<String, String> missing) {
    /**
     * Our median over a peer's.
     *
     * @throws BenchException when the peer could not be measured
     */
    double ratioTo(String peer) {
      var samples = peers.get(peer);
      if (samples == null) {
        throw new BenchException(
            "`%s` to compare with does not work here: %s".formatted(peer, missing.get(peer)));
      }
      return ours.percentile(50) / samples.percentile(50);
    }
  }

  Race(Contender ours) {
    this.ours = ours;
  }

  Race against(String name, Contender peer) {
    return against(name, 1, peer);
  }

  /** A peer that takes part in every {@code everyRounds}-th round. */
  Race against(String name, int everyRounds, Contender peer) {
    peers.put(name, new Entry(peer, everyRounds));
    return this;
  }

  /** Names a peer that cannot take part. */
  Race without(String name, String reason) {
    missing.put(name, reason);
    return this;
  }

  /** Runs the rounds, after {@code warmUp} that do not count, and stops early at the time limit. */
  Outcome run(int warmUp, int rounds, Duration limit) throws Exception {
    long deadline = System.nanoTime() + limit.toNanos();
    for (int i = 0; i < warmUp; i++) {
      round(i, new Samples(), null);
    }
    var own = new Samples();
    var others = new LinkedHashMap<String, Samples>();
    peers.keySet().forEach(name -> others.put(name, new Samples()));
    for (int i = 0; i < rounds && (i == 0 || System.nanoTime() < deadline); i++) {
      round(i, own, others);
    }
    return new Outcome(own, others, missing);
  }

  private void round(int number, Samples own, @Nullable Map<String, Samples> others)
      throws Exception {
    own.add(ours.once());
    for (var peer : List.copyOf(peers.entrySet())) {
      if (number % peer.getValue().everyRounds() == 0) {
        try {
          long nanos = peer.getValue().contender().once();
          if (others != null) {
            Objects.requireNonNull(others.get(peer.getKey())).add(nanos);
          }
        } catch (BenchException failed) {
          giveUp(peer.getKey(), failed.getMessage(), others);
        }
      }
    }
  }

  /** A peer that fails once is out, and named; the others go on. */
  private void giveUp(String peer, @Nullable String reason, @Nullable Map<String, Samples> others) {
    peers.remove(peer);
    missing.put(peer, String.valueOf(reason));
    if (others != null) {
      others.remove(peer);
    }
  }
}

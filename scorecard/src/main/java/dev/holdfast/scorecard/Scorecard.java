package dev.holdfast.scorecard;

import dev.holdfast.workbench.Layer;
import dev.holdfast.workbench.WorkbenchEngine;
import dev.holdfast.workbench.WorkbenchEngines;
import dev.holdfast.workbench.WorkbenchException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Every attack against every layer that was asked for.
 *
 * @param attacks those that were made, in order
 * @param scores one for each layer
 */
public record Scorecard(List<Attack> attacks, List<Score> scores) {
  public Scorecard {
    attacks = List.copyOf(attacks);
    scores = List.copyOf(scores);
  }

  /** Hears of each verdict when it is known. */
  @FunctionalInterface
  public interface Watcher {
    void judged(Layer layer, Attack attack, Verdict verdict);
  }

  /**
   * Makes the attacks, layer after layer: an attack may use up what the next layer's needs.
   *
   * @param engines opens the layers; one that cannot be opened is not here
   */
  public static Scorecard make(
      List<Attack> attacks, List<Layer> layers, WorkbenchEngines engines, Watcher watcher)
      throws IOException {
    var scores = new ArrayList<Score>();
    for (Layer layer : layers) {
      scores.add(score(layer, attacks, engines, watcher));
    }
    return new Scorecard(attacks, scores);
  }

  private static Score score(
      Layer layer, List<Attack> attacks, WorkbenchEngines engines, Watcher watcher)
      throws IOException {
    WorkbenchEngine engine;
    try {
      engine = engines.of(layer);
    } catch (WorkbenchException notHere) {
      return new Score.NotHere(layer, String.valueOf(notHere.getMessage()));
    }
    var verdicts = new LinkedHashMap<Attack, Verdict>();
    var made = new ArrayList<Attack>();
    for (Attack attack : attacks) {
      attack
          .without(layer)
          .ifPresentOrElse(
              reason -> {
                var verdict = new Verdict.Inapplicable(reason);
                verdicts.put(attack, verdict);
                watcher.judged(layer, attack, verdict);
              },
              () -> made.add(attack));
    }
    if (!made.isEmpty()) {
      verdicts.putAll(verdicts(made, engine, watcher));
    }
    return new Score.Attacked(layer, verdicts);
  }

  private static Map<Attack, Verdict> verdicts(
      List<Attack> attacks, WorkbenchEngine engine, Watcher watcher) throws IOException {
    var verdicts = new LinkedHashMap<Attack, Verdict>();
    try (var siege = Siege.begin(engine)) {
      for (Attack attack : attacks) {
        Verdict verdict = siege.make(attack);
        verdicts.put(attack, verdict);
        watcher.judged(engine.layer(), attack, verdict);
      }
    } catch (WorkbenchException e) {
      var why = new Verdict.Unclear(List.of("the layer made no workbench: " + e.getMessage()));
      attacks.forEach(attack -> verdicts.putIfAbsent(attack, why));
    }
    return verdicts;
  }

  /** Whether an attack worked somewhere. */
  public boolean hasBroken() {
    return verdicts().anyMatch(Verdict.Broken.class::isInstance);
  }

  /** Whether nobody knows what came of an attack somewhere. */
  public boolean hasUnclear() {
    return verdicts().anyMatch(Verdict.Unclear.class::isInstance);
  }

  /** Whether any layer was attacked. */
  public boolean hasAttacked() {
    return scores.stream().anyMatch(Score.Attacked.class::isInstance);
  }

  private Stream<Verdict> verdicts() {
    return scores.stream()
        .flatMap(
            score ->
                switch (score) {
                  case Score.Attacked attacked -> attacked.verdicts().values().stream();
                  case Score.NotHere _ -> Stream.empty();
                });
  }

  /** What came of one attack on one layer; empty where the layer is not here. */
  public Optional<Verdict> verdict(Layer layer, Attack attack) {
    return scores.stream()
        .filter(score -> score.layer() == layer)
        .flatMap(
            score ->
                score instanceof Score.Attacked attacked
                    ? Stream.ofNullable(attacked.verdicts().get(attack))
                    : Stream.empty())
        .findFirst();
  }
}

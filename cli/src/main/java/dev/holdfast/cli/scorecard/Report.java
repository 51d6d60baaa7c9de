package dev.holdfast.cli.scorecard;

import dev.holdfast.cli.command.Style;
import dev.holdfast.cli.command.Terminal;
import dev.holdfast.scorecard.Attack;
import dev.holdfast.scorecard.Score;
import dev.holdfast.scorecard.Scorecard;
import dev.holdfast.scorecard.Verdict;
import dev.holdfast.workbench.Layer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The scorecard on a terminal: one line for each attack as it is judged, then the table. */
final class Report {
  private static final String ROW = "%-28s";
  private static final String CELL = "%-14s";

  private final Terminal terminal;
  private final int attacks;
  private int judged;

  Report(Terminal terminal, int attacks) {
    this.terminal = terminal;
    this.attacks = attacks;
  }

  void judged(Layer layer, Attack attack, Verdict verdict) {
    var number = judged++ % attacks + 1;
    terminal.note(
        "%s %d/%d %s: %s".formatted(layer, number, attacks, attack, Words.plain(verdict)));
  }

  void print(Scorecard card) {
    if (terminal.json()) {
      card.scores().forEach(this::lines);
      return;
    }
    var head = new StringBuilder(ROW.formatted("attack"));
    card.scores().forEach(score -> head.append(CELL.formatted(score.layer())));
    terminal.line(terminal.paint(Style.BOLD, head.toString().strip()));
    card.attacks().forEach(attack -> row(card, attack));
    card.scores().forEach(this::details);
  }

  private void row(Scorecard card, Attack attack) {
    var row = new StringBuilder(ROW.formatted(attack));
    for (Score score : card.scores()) {
      var word = Words.plain(score, attack);
      row.append(terminal.paint(Words.style(word), CELL.formatted(word)));
    }
    terminal.line(row.toString());
  }

  private void details(Score score) {
    switch (score) {
      case Score.NotHere(var layer, var reason) ->
          terminal.line("%s is not here: %s".formatted(layer, Terminal.safe(reason)));
      case Score.Attacked attacked ->
          attacked
              .verdicts()
              .forEach(
                  (attack, verdict) -> {
                    for (String line : Words.evidence(verdict)) {
                      terminal.line(
                          "%s, %s: %s".formatted(score.layer(), attack, Terminal.safe(line)));
                    }
                  });
    }
  }

  private void lines(Score score) {
    switch (score) {
      case Score.NotHere(var layer, var reason) ->
          terminal.json(object(layer, Map.of("verdict", Words.NOT_HERE, "reason", reason)));
      case Score.Attacked(var layer, var verdicts) ->
          verdicts.forEach(
              (attack, verdict) -> {
                var object = new LinkedHashMap<String, Object>();
                object.put("attack", attack.name());
                object.put("verdict", Words.plain(verdict));
                switch (verdict) {
                  case Verdict.Held(var attempts) -> object.put("attempts", attempts);
                  case Verdict.Broken(List<String> evidence) -> object.put("evidence", evidence);
                  case Verdict.Unclear(List<String> why) -> object.put("why", why);
                  case Verdict.Inapplicable(String reason) -> object.put("reason", reason);
                }
                terminal.json(object(layer, object));
              });
    }
  }

  private static Map<String, Object> object(Layer layer, Map<String, Object> rest) {
    var object = new LinkedHashMap<String, Object>();
    object.put("layer", layer.typed());
    object.putAll(rest);
    return object;
  }
}

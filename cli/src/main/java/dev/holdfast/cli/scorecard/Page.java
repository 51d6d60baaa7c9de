package dev.holdfast.cli.scorecard;

import dev.holdfast.scorecard.Attack;
import dev.holdfast.scorecard.ModuleAttempt;
import dev.holdfast.scorecard.Score;
import dev.holdfast.scorecard.Scorecard;
import dev.holdfast.scorecard.Verdict;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The scorecard as a page that can be published. */
final class Page {
  private static final String HEAD =
      """
      # Escape scorecard

      Written by `holdfast scorecard --write` from one run on one machine; nothing here is edited by hand. Each attack is a
      program that really attempts something from inside a real workbench, mostly many attempts in a row; on `wasm` it is
      WebAssembly modules, one for each attempt (`modules.tsv`). *Contained* means that the attempts were made, that each was
      stopped for a reason that counts on that layer (`attacks.tsv` lists them), that nothing of the bait laid out on the host
      was touched, that the host's settings are as they were, and that the workbench still serves. An attempt that fails for
      any other reason is *unknown*, never contained.

      """;
  private static final String NOTES =
      """

      ## What this does not show

      - Attacks are patterns of known escapes and of what their makers tried first. A flaw that nobody knows yet is not among
        them; on layers that share the host's kernel, one in that kernel gets out.
      - gVisor and the microVM answer with kernels of their own. There an attempt may be stopped by another reason than on
        the host's kernel, or reach that kernel alone; both are written down, per layer and attempt.
      - MicroVMs run under software emulation, not KVM: their boundary is QEMU's emulation in a container.
      - Limits on memory, processors and output have tests of their own (`ContainmentTest`), as have the channel's frames
        (`HostileGuestTest`, the fuzzer) and WebAssembly modules that are wrong in themselves (`HostileModuleTest`).
      - Modules run in Holdfast's own process: a flaw of the Java machine or of the compiler gets out of the `wasm` layer.
      - Docker and Podman are tried with the daemon or program of this machine, in its configuration.
      """;

  private final StringBuilder text = new StringBuilder(HEAD);

  private Page() {}

  static String of(Scorecard card, Map<String, String> equipment, LocalDate date) {
    var page = new Page();
    page.machine(equipment, date);
    page.table(card);
    page.notHere(card);
    page.evidence(card);
    page.attacks(card.attacks());
    page.inside(card.attacks());
    page.text.append(NOTES);
    return page.text.toString();
  }

  private void machine(Map<String, String> equipment, LocalDate date) {
    row("", date.toString());
    row("---", "---");
    equipment.forEach(this::row);
    text.append('\n');
  }

  private void table(Scorecard card) {
    text.append("| attack |");
    card.scores().forEach(score -> text.append(" %s |".formatted(score.layer())));
    text.append("\n|---|").append("---|".repeat(card.scores().size())).append('\n');
    for (Attack attack : card.attacks()) {
      text.append("| [%1$s](#%1$s) |".formatted(attack));
      card.scores().forEach(score -> text.append(" %s |".formatted(Words.plain(score, attack))));
      text.append('\n');
    }
    text.append("| **contained** |");
    card.scores().forEach(score -> text.append(" %s |".formatted(sum(score))));
    text.append('\n');
  }

  private static String sum(Score score) {
    return switch (score) {
      case Score.NotHere _ -> "–";
      case Score.Attacked attacked ->
          "%d of %d"
              .formatted(
                  attacked.count(Verdict.Held.class),
                  attacked.verdicts().size() - attacked.count(Verdict.Inapplicable.class));
    };
  }

  private void notHere(Scorecard card) {
    text.append('\n');
    for (Score score : card.scores()) {
      switch (score) {
        case Score.NotHere(var layer, var reason) ->
            text.append("- `%s` was not here: %s\n".formatted(layer, cell(reason)));
        case Score.Attacked attacked ->
            attacked.verdicts().values().stream()
                .filter(Verdict.Inapplicable.class::isInstance)
                .map(verdict -> ((Verdict.Inapplicable) verdict).reason())
                .distinct()
                .forEach(
                    why ->
                        text.append(
                            "- not applicable on `%s`: %s\n".formatted(score.layer(), why)));
      }
    }
  }

  private void evidence(Scorecard card) {
    for (Score score : card.scores()) {
      if (score instanceof Score.Attacked(var layer, var verdicts)) {
        verdicts.forEach(
            (attack, verdict) ->
                Words.evidence(verdict)
                    .forEach(
                        line ->
                            text.append(
                                "- `%s` on `%s`: %s\n".formatted(attack, layer, cell(line)))));
      }
    }
  }

  private void attacks(List<Attack> attacks) {
    text.append("\n## The attacks\n");
    for (Attack attack : attacks) {
      text.append("\n### %s\n\n".formatted(attack));
      text.append("- tries: %s\n".formatted(attack.tries()));
      text.append("- success: %s\n".formatted(attack.success()));
      text.append("- known from: %s\n".formatted(attack.source()));
      if (!attack.modules().isEmpty()) {
        text.append("- on `wasm`, a module each: %s\n".formatted(modules(attack)));
      }
    }
  }

  private static String modules(Attack attack) {
    return attack.modules().stream().map(ModuleAttempt::what).collect(Collectors.joining("; "));
  }

  private void inside(List<Attack> attacks) {
    text.append("\n## What works inside and is no escape\n\n");
    text.append("| attack | layer | attempt | why |\n|---|---|---|---|\n");
    for (Attack attack : attacks) {
      for (Attack.Inside it : attack.inside()) {
        text.append(
            "| %s | %s | `%s` | %s |\n"
                .formatted(attack, it.layer(), it.attempt(), cell(it.why())));
      }
    }
  }

  private void row(String left, String right) {
    text.append("| %s | %s |\n".formatted(left, cell(right)));
  }

  /** What programs and kernels say does not end the cell that it stands in. */
  private static String cell(String words) {
    return words.strip().replace("|", "\\|").replace("\n", " ").replace("<", "&lt;");
  }
}

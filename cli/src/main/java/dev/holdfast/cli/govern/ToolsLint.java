package dev.holdfast.cli.govern;

import dev.holdfast.cli.command.CommandFailure;
import dev.holdfast.cli.command.Context;
import dev.holdfast.cli.command.ExitCode;
import dev.holdfast.cli.command.Style;
import dev.holdfast.cli.command.Terminal;
import dev.holdfast.cli.wiring.Checkout;
import dev.holdfast.cli.wiring.Declarations;
import dev.holdfast.tool.builtin.BuiltInTools;
import dev.holdfast.tool.declared.DeclarationException;
import dev.holdfast.tool.lint.Finding;
import dev.holdfast.tool.lint.Severity;
import dev.holdfast.tool.lint.Subject;
import dev.holdfast.tool.lint.ToolLint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** {@code holdfast tools lint}: definitions that agents will misuse. */
final class ToolsLint {
  private final Context context;
  private final List<Subject> subjects = new ArrayList<>();
  private final List<Finding> findings = new ArrayList<>();

  private ToolsLint(Context context) {
    this.context = context;
  }

  /** Checks the files, or where none is given every tool that an agent would have here. */
  static int run(List<Path> files, Context context) {
    var lint = new ToolsLint(context);
    if (files.isEmpty()) {
      BuiltInTools.all().forEach(tool -> lint.subjects.add(Subject.of(tool)));
      var checkout = Checkout.around(context.directory());
      Declarations.files(context.home(), checkout).forEach(lint::read);
    }
    files.forEach(lint::read);
    lint.findings.addAll(ToolLint.check(lint.subjects));
    lint.print();
    return (lint.count(Severity.ERROR) > 0 ? ExitCode.FAILED : ExitCode.OK).number();
  }

  private void read(Path file) {
    try {
      if (file.toString().endsWith(".json")) {
        var document = JsonMapper.builder().build().readTree(Files.readString(file));
        subjects.addAll(Subject.foreign(file.toString(), document));
      } else {
        subjects.add(Subject.of(Declarations.read(file, context.home())));
      }
    } catch (DeclarationException wrong) {
      findings.add(unreadable(file, wrong.place(), String.valueOf(wrong.getMessage())));
    } catch (JacksonException wrong) {
      findings.add(unreadable(file, file.toString(), "this is not JSON"));
    } catch (IOException e) {
      throw new CommandFailure(
          ExitCode.USAGE, "`%s` cannot be read: give a .yaml or .json file".formatted(file), e);
    }
  }

  private static Finding unreadable(Path file, String place, String message) {
    return new Finding(
        "declaration",
        Severity.ERROR,
        file.getFileName().toString(),
        place,
        message.startsWith(place + ": ") ? message.substring(place.length() + 2) : message,
        "correct it: nothing is loaded until then");
  }

  private long count(Severity severity) {
    return findings.stream().filter(finding -> finding.severity() == severity).count();
  }

  private void print() {
    var terminal = context.terminal();
    findings.forEach(finding -> print(finding, terminal));
    if (!terminal.json()) {
      terminal.line(
          "tools: %d, errors: %d, warnings: %d"
              .formatted(subjects.size(), count(Severity.ERROR), count(Severity.WARNING)));
    }
  }

  private static void print(Finding finding, Terminal terminal) {
    if (terminal.json()) {
      terminal.json(finding);
      return;
    }
    var color = finding.severity() == Severity.ERROR ? Style.RED : Style.YELLOW;
    terminal.line(
        "%s %s  %s"
            .formatted(
                terminal.paint(color, finding.severity().name().toLowerCase(Locale.ROOT)),
                terminal.paint(Style.BOLD, finding.rule()),
                Terminal.safe(finding.tool())));
    terminal.line("  " + Terminal.safe(finding.where()));
    terminal.line("  " + Terminal.safe(finding.why()));
    terminal.line("  " + terminal.paint(Style.DIM, Terminal.safe(finding.fix())));
  }
}

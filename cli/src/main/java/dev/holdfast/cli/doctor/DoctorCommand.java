package dev.holdfast.cli.doctor;

import dev.holdfast.cli.command.Command;
import dev.holdfast.cli.command.Context;
import dev.holdfast.cli.command.ExitCode;
import dev.holdfast.cli.command.Style;
import dev.holdfast.cli.command.Syntax;
import dev.holdfast.cli.command.Terminal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code holdfast doctor}. */
public final class DoctorCommand implements Command {
  @Override
  public CommandSpec spec() {
    return Syntax.command(
            "Says what works on this machine, what does not, and the command that mends it.",
            "",
            "Ends with 0 when everything that Holdfast requires works, otherwise with 1.")
        .addOption(
            Syntax.flag("--fix", "As root on Debian: installs what is required and missing."))
        .addOption(
            Syntax.flag("--all", "With --fix: what is optional too, for every isolation layer."));
  }

  @Override
  public int run(ParseResult arguments, Context context) throws InterruptedException {
    var host = new Host(context.env(), context.home());
    var terminal = context.terminal();
    var found =
        arguments.hasMatchedOption("--fix")
            ? new Repair(host, terminal).mend(Checks.ALL, arguments.hasMatchedOption("--all"))
            : Examination.of(Checks.ALL, host);
    report(found, terminal);
    var blocked = found.stream().anyMatch(Examination::blocks);
    return (blocked ? ExitCode.FAILED : ExitCode.OK).number();
  }

  static void report(List<Examination> found, Terminal terminal) {
    for (var examination : found) {
      if (terminal.json()) {
        terminal.json(json(examination));
      } else {
        show(examination, terminal);
      }
    }
  }

  private static void show(Examination examination, Terminal terminal) {
    var mark = mark(examination, terminal);
    var title = "%-22s".formatted(examination.check().title());
    terminal.line("%s  %s %s".formatted(mark, title, examination.finding().detail()));
    if (examination.finding() instanceof Finding.Broken(var _, var remedy)
        && !remedy.command().isEmpty()) {
      terminal.line("      mend it with: " + terminal.paint(Style.BOLD, remedy.command()));
    }
  }

  private static String mark(Examination examination, Terminal terminal) {
    if (examination.works()) {
      return terminal.paint(Style.GREEN, "works");
    }
    return switch (examination.check().need()) {
      case REQUIRED -> terminal.paint(Style.RED, "FAILS");
      case OPTIONAL -> terminal.paint(Style.YELLOW, "no   ");
    };
  }

  private static Map<String, Object> json(Examination examination) {
    var json = new LinkedHashMap<String, Object>();
    json.put("check", examination.check().name());
    json.put("required", examination.check().need() == Check.Need.REQUIRED);
    json.put("works", examination.works());
    json.put("detail", examination.finding().detail());
    if (examination.finding() instanceof Finding.Broken(var _, var remedy)) {
      json.put("mend", remedy.command());
      json.put("packages", remedy.packages());
    }
    return json;
  }
}

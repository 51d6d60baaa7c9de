package dev.holdfast.cli.workbench;

import dev.holdfast.cli.command.Command;
import dev.holdfast.cli.command.CommandFailure;
import dev.holdfast.cli.command.Context;
import dev.holdfast.cli.command.ExitCode;
import dev.holdfast.cli.command.Syntax;
import dev.holdfast.cli.image.Images;
import dev.holdfast.cli.run.Layers;
import dev.holdfast.cli.run.Limits;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/** {@code holdfast workbench}: workbenches that stay until they are removed. */
public final class WorkbenchCommand implements Command {
  @Override
  public CommandSpec spec() {
    var spec =
        Syntax.command(
            "Makes workbenches that stay until they are removed, and works in them.",
            "A server holds them; it is started when none runs.");
    create(spec);
    Syntax.subcommand(spec, "ls", "Lists the workbenches.");
    exec(spec);
    processes(spec);
    Syntax.subcommand(
            spec,
            "cp",
            "Copies a file or directory into a workbench's /workspace, or out of it.",
            "One of FROM and TO is ID:PATH. Symbolic links and special files are left out, and said.")
        .addPositional(Syntax.argument(0, "FROM", "What is copied."))
        .addPositional(
            Syntax.argument(1, "TO", "Where to; into it when it is a directory or ends with `/`."));
    Syntax.subcommand(
            spec,
            "port",
            "Makes ports inside reachable at 127.0.0.1 of this machine, until Ctrl-C.")
        .addPositional(workbench())
        .addPositional(
            Syntax.rest(
                1,
                "1..*",
                "PORT[:LOCALPORT]",
                "The port inside, and that of this machine: otherwise the same, 0 a free one."));
    Syntax.subcommand(
            spec,
            "watch",
            "Tells what happens to the files below /workspace, until Ctrl-C.",
            "created, changed, removed, renamed; `overflow` where there was too much to be told.")
        .addPositional(workbench())
        .addPositional(
            Syntax.optional(1, "PATH", "A directory below /workspace; otherwise all of it."));
    CheckpointCommands.addTo(spec, workbench());
    Syntax.subcommand(spec, "rm", "Ends workbenches and removes everything that they held.")
        .addOption(Syntax.flag("--all", "Every one."))
        .addPositional(Syntax.rest(0, "0..*", "ID", "Their ids or names."));
    return spec;
  }

  private static void create(CommandSpec spec) {
    var create =
        Syntax.subcommand(
            spec,
            "create",
            "Makes a workbench and prints its id. Its /workspace is empty, or a repository's.");
    create.addOption(
        Syntax.option("--name", "NAME", String.class, "What it is called beside its id."));
    create.addOption(
        Syntax.option(
            "--repo",
            "PATH|URL",
            String.class,
            "A git repository whose last commit is /workspace; the checkout is not touched."));
    create.addOption(
        Syntax.flag(
            "--memory-checkpoints",
            "On microvm: checkpoints can hold memory, and work on many files is slower."));
    Limits.addMemory(create);
    Layers.addTo(create);
    Images.addTo(create);
  }

  private static void exec(CommandSpec spec) {
    Syntax.subcommand(
            spec,
            "exec",
            "Runs a command in a workbench, and ends as the command does.",
            "Its input is this command's, and Ctrl-C is passed on.")
        .addOption(Syntax.options("--env", "NAME=VALUE", "A variable for it; may be repeated."))
        .addOption(
            Syntax.option("--cwd", "DIR", String.class, "Where it starts; otherwise /workspace."))
        .addOption(Syntax.flag("--tty", "On a terminal, as big as this one."))
        .addOption(
            Syntax.flag("--detach", "In the background: prints an id for `logs` and `attach`."))
        .addOption(Syntax.option("--time", "TIME", String.class, "Longest time; otherwise 24h."))
        .addPositional(workbench())
        .addPositional(
            Syntax.rest(1, "1..*", "COMMAND", "The program and its arguments; after `--`."));
  }

  private static void processes(CommandSpec spec) {
    Syntax.subcommand(spec, "ps", "Lists what was started with `exec --detach`.")
        .addPositional(workbench());
    Syntax.subcommand(
            spec, "logs", "Shows what a background process has said: the newest 256 KiB at most.")
        .addOption(Syntax.flag("--follow", "Waits for more, until the process ends."))
        .addPositional(workbench())
        .addPositional(process());
    Syntax.subcommand(
            spec,
            "attach",
            "Lends this terminal to a background process that was started with `--tty`.",
            "Ctrl-P, then Ctrl-Q leaves it. It can be attached to again, from several places too.")
        .addPositional(workbench())
        .addPositional(process());
    Syntax.subcommand(spec, "kill", "Sends a signal to a background process.")
        .addOption(
            Syntax.option(
                "--signal",
                "SIGNAL",
                String.class,
                "TERM, INT, KILL, …, or a number; otherwise TERM."))
        .addPositional(workbench())
        .addPositional(process());
  }

  private static PositionalParamSpec workbench() {
    return Syntax.argument(0, "ID", "The workbench's id or name.");
  }

  private static PositionalParamSpec process() {
    return Syntax.argument(1, "PROC", "The process's id, as `exec --detach` and `ps` print it.");
  }

  @Override
  public int run(ParseResult arguments, Context context) throws Exception {
    if (!arguments.hasSubcommand()) {
      throw new CommandFailure(
          ExitCode.USAGE,
          "`workbench` needs a sub-command: %s"
              .formatted(String.join(", ", arguments.commandSpec().subcommands().keySet())));
    }
    var sub = arguments.subcommand();
    return switch (sub.commandSpec().name()) {
      case "create" -> Workbenches.create(sub, context);
      case "ls" -> Workbenches.list(context);
      case "exec" -> ExecInWorkbench.run(sub, context);
      case "cp" -> Copy.run(sub, context);
      case "ps" -> Processes.list(sub, context);
      case "logs" -> Processes.logs(sub, context);
      case "attach" -> Processes.attach(sub, context);
      case "watch" -> Watch.run(sub, context);
      case "port" -> PortForward.run(sub, context);
      case "pause", "resume" -> CheckpointCommands.hold(sub.commandSpec().name(), sub, context);
      case "checkpoint" -> CheckpointCommands.take(sub, context);
      case "checkpoints" -> CheckpointCommands.list(sub, context);
      case "restore" -> CheckpointCommands.restore(sub, context);
      case "fork" -> CheckpointCommands.fork(sub, context);
      case "kill" -> Processes.kill(sub, context);
      default -> Workbenches.remove(sub, context);
    };
  }
}

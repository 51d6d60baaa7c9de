package dev.holdfast.cli;

import dev.holdfast.cli.audit.AuditCommand;
import dev.holdfast.cli.command.Command;
import dev.holdfast.cli.doctor.DoctorCommand;
import dev.holdfast.cli.govern.BenchCommand;
import dev.holdfast.cli.govern.CleanCommand;
import dev.holdfast.cli.govern.PolicyCommand;
import dev.holdfast.cli.govern.ToolsCommand;
import dev.holdfast.cli.image.ImagesCommand;
import dev.holdfast.cli.run.ApproveCommand;
import dev.holdfast.cli.run.BudgetCommand;
import dev.holdfast.cli.run.DemoCommand;
import dev.holdfast.cli.run.DiffCommand;
import dev.holdfast.cli.run.ExecCommand;
import dev.holdfast.cli.run.RejectCommand;
import dev.holdfast.cli.run.RollbackCommand;
import dev.holdfast.cli.run.RunCommand;
import dev.holdfast.cli.run.RunsCommand;
import dev.holdfast.cli.run.ShowCommand;
import dev.holdfast.cli.run.TakeoverCommand;
import dev.holdfast.cli.run.TraceCommand;
import dev.holdfast.cli.scorecard.ScorecardCommand;
import dev.holdfast.cli.server.ServerCommand;
import dev.holdfast.cli.workbench.WorkbenchCommand;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** Every command that there is. Loading one loads its classes and no other's. */
enum CommandName {
  DEMO(Group.WORK, "an agent fixes a real defect, in a minute"),
  RUN(Group.WORK, "gives an agent a task in a repository, or goes on with a run"),
  EXEC(Group.WORK, "runs one command in a fresh workbench"),
  WORKBENCH(Group.WORK, "makes workbenches that stay, and works in them"),
  IMAGES(Group.WORK, "pulls and keeps the images that workbenches are made of"),
  RUNS(Group.REVIEW, "lists the runs"),
  SHOW(Group.REVIEW, "shows a run, step by step"),
  TRACE(Group.REVIEW, "prints a run's event log"),
  DIFF(Group.REVIEW, "prints a run's change"),
  APPROVE(Group.REVIEW, "approves what a run waits for"),
  REJECT(Group.REVIEW, "rejects it"),
  ROLLBACK(Group.REVIEW, "takes a run's workspace back to a saved state"),
  TAKEOVER(Group.REVIEW, "opens a shell in a run's live workbench"),
  TOOLS(Group.GOVERN, "shows the tools that agents can call"),
  POLICY(Group.GOVERN, "shows and tries the rules"),
  BUDGET(Group.GOVERN, "shows what a run may use and has used"),
  AUDIT(Group.GOVERN, "checks that the event logs are what they were"),
  BENCH(Group.HOST, "measures Holdfast beside the alternatives"),
  SCORECARD(Group.HOST, "attacks every layer that this machine has, and says what got out"),
  SERVER(Group.HOST, "holds the workbenches that stay"),
  DOCTOR(Group.HOST, "says what works on this machine and mends what does not"),
  CLEAN(Group.HOST, "removes what dead processes and concluded runs left"),
  COMPLETION(Group.HOST, "prints a completion script for bash, zsh or fish"),
  VERSION(Group.HOST, "prints the version");

  /** The headings of the help. */
  enum Group {
    WORK("Give an agent a task"),
    REVIEW("Look at a run and decide"),
    GOVERN("Tools, policy, budgets, audit"),
    HOST("This machine");

    private final String title;

    Group(String title) {
      this.title = title;
    }

    String title() {
      return title;
    }
  }

  private final Group group;
  private final String summary;

  CommandName(Group group, String summary) {
    this.group = group;
    this.summary = summary;
  }

  Group group() {
    return group;
  }

  String summary() {
    return summary;
  }

  /** As it is typed. */
  String typed() {
    return name().toLowerCase(Locale.ROOT);
  }

  static Optional<CommandName> of(String typed) {
    return Arrays.stream(values()).filter(name -> name.typed().equals(typed)).findFirst();
  }

  Command load() {
    return switch (this) {
      case DEMO -> new DemoCommand();
      case RUN -> new RunCommand();
      case EXEC -> new ExecCommand();
      case WORKBENCH -> new WorkbenchCommand();
      case IMAGES -> new ImagesCommand();
      case RUNS -> new RunsCommand();
      case SHOW -> new ShowCommand();
      case TRACE -> new TraceCommand();
      case DIFF -> new DiffCommand();
      case APPROVE -> new ApproveCommand();
      case REJECT -> new RejectCommand();
      case ROLLBACK -> new RollbackCommand();
      case TAKEOVER -> new TakeoverCommand();
      case TOOLS -> new ToolsCommand();
      case POLICY -> new PolicyCommand();
      case CLEAN -> new CleanCommand();
      case BUDGET -> new BudgetCommand();
      case AUDIT -> new AuditCommand();
      case BENCH -> new BenchCommand();
      case SCORECARD -> new ScorecardCommand();
      case SERVER -> new ServerCommand();
      case DOCTOR -> new DoctorCommand();
      case COMPLETION -> new CompletionCommand();
      case VERSION -> new VersionCommand();
    };
  }
}

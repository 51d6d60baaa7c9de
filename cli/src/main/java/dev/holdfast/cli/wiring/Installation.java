package dev.holdfast.cli.wiring;

import dev.holdfast.cli.command.CommandFailure;
import dev.holdfast.cli.command.Context;
import dev.holdfast.cli.command.ExitCode;
import dev.holdfast.harness.model.Model;
import dev.holdfast.harness.model.ModelCatalog;
import dev.holdfast.harness.model.Models;
import dev.holdfast.policy.DecisionMaker;
import dev.holdfast.policy.cedar.CedarPolicy;
import dev.holdfast.policy.cedar.PolicyException;
import dev.holdfast.run.BlobStore;
import dev.holdfast.run.EventLog;
import dev.holdfast.run.RecordedEvent;
import dev.holdfast.runs.Agent;
import dev.holdfast.runs.BuiltInAgent;
import dev.holdfast.runs.RunService;
import dev.holdfast.server.wiring.Engines;
import dev.holdfast.server.wiring.LayerRules;
import dev.holdfast.store.SqliteEventLog;
import dev.holdfast.tool.Tool;
import dev.holdfast.tool.builtin.BuiltInTools;
import dev.holdfast.tool.declared.DeclarationException;
import dev.holdfast.tool.declared.DeclaredTools;
import dev.holdfast.tool.gate.ToolGate;
import dev.holdfast.tool.registry.InputCheck;
import dev.holdfast.tool.registry.ToolRegistry;
import dev.holdfast.workbench.Caps;
import dev.holdfast.workbench.Placer;
import dev.holdfast.workbench.WorkbenchEngines;
import dev.holdfast.workbench.oci.Reaper;
import dev.holdfast.workbench.wasm.WasmFunctions;
import dev.holdfast.workspace.overlay.OverlayWorkspaces;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Everything that runs need, wired together over one state directory. */
public final class Installation implements AutoCloseable {
  private final Path home;
  private final Map<String, String> env;
  private final EventLog log;
  private final BlobStore blobs;
  private final Engines engines;
  private final ToolRegistry registry;
  private final RunService runs;

  private Installation(
      Context context,
      List<Tool> tools,
      CedarPolicy policy,
      Caps caps,
      Consumer<RecordedEvent> watcher) {
    this.home = context.home();
    this.env = context.env();
    var store = new SqliteEventLog(home);
    this.log = new WatchedLog(store, watcher);
    this.blobs = store.blobs();
    Reaper.of(home).reapDead();
    this.engines = new Engines(home, env);
    var workspaces = workspaces(home);
    workspaces.recover();
    this.registry = new ToolRegistry(tools);
    this.runs =
        new RunService(
            new RunService.Parts(
                log,
                blobs,
                workspaces,
                engines,
                registry,
                new ToolGate(registry, new InputCheck(), new DecisionMaker(policy)),
                policy,
                caps,
                home.resolve("run")));
  }

  /** Opens everything, after removing what dead processes left. */
  public static Installation open(Context context) {
    return open(context, Checkout.NONE);
  }

  /**
   * Opens what a person needs to decide on a run: the rules of its checkout hold, its declared
   * tools are not called and so not read.
   */
  public static Installation open(Context context, Checkout checkout) {
    return new Installation(
        context, BuiltInTools.all(), policy(context.home(), checkout), Caps.DEFAULT, _ -> {});
  }

  /**
   * Opens everything.
   *
   * @param checkout what the run's repository brings
   * @param caps the limits of workbenches
   * @param watcher sees every event that this process records, once it is durable
   */
  public static Installation open(
      Context context, Checkout checkout, Caps caps, Consumer<RecordedEvent> watcher) {
    var home = context.home();
    return new Installation(context, tools(home, checkout), policy(home, checkout), caps, watcher);
  }

  /** The workspaces alone, for commands that only look which there are. */
  public static OverlayWorkspaces workspaces(Path home) {
    return new OverlayWorkspaces(home, Engines.OWNER);
  }

  /** Opens the event log alone, for commands that only read. */
  public static EventLog openLog(Path home) {
    return new SqliteEventLog(home);
  }

  /**
   * The rules: the built-in ones, those in the state directory, and those of the checkout, which
   * may only forbid.
   *
   * @throws CommandFailure when any of them is not valid
   */
  public static CedarPolicy policy(Path home, Checkout checkout) {
    try {
      return CedarPolicy.load(
          List.of(home.resolve("policies")), checkout.part("policies", home).stream().toList());
    } catch (PolicyException invalid) {
      throw new CommandFailure(ExitCode.FAILED, String.valueOf(invalid.getMessage()), invalid);
    }
  }

  /**
   * Every tool that there is: the built-in ones, and those that the user and the checkout declare.
   *
   * @throws CommandFailure when a declaration cannot be used
   */
  public static List<Tool> tools(Path home, Checkout checkout) {
    var tools = new ArrayList<>(BuiltInTools.all());
    try {
      tools.addAll(
          DeclaredTools.load(
              home.resolve("tools"), checkout.part("tools", home), tools, new WasmFunctions()));
    } catch (DeclarationException wrong) {
      throw new CommandFailure(ExitCode.FAILED, String.valueOf(wrong.getMessage()), wrong);
    }
    return tools;
  }

  public EventLog log() {
    return log;
  }

  public BlobStore blobs() {
    return blobs;
  }

  /** Chooses layers, by this installation's rules. */
  public Placer placer() {
    return new Placer(LayerRules.in(home), engines);
  }

  public WorkbenchEngines engines() {
    return engines;
  }

  public RunService runs() {
    return runs;
  }

  /**
   * The built-in agent.
   *
   * @param models the one to ask first, then those to fall back to
   * @param says hears what the model says, piece by piece
   * @throws CommandFailure when a model cannot be used as it is named
   */
  public Agent agent(List<String> models, Consumer<String> says) {
    var known = new Models(ModelCatalog.load(home), env);
    return new BuiltInAgent(
        log,
        blobs,
        registry.definitions(),
        models.stream().map(name -> model(known, name)).toList(),
        says);
  }

  private static Model model(Models known, String name) {
    try {
      return known.open(name);
    } catch (IllegalArgumentException wrong) {
      throw new CommandFailure(ExitCode.USAGE, String.valueOf(wrong.getMessage()), wrong);
    }
  }

  @Override
  public void close() {
    engines.close();
    log.close();
  }
}

package dev.holdfast.workbench.wasm;

import dev.holdfast.workbench.Capability;
import dev.holdfast.workbench.Connection;
import dev.holdfast.workbench.ExecResult;
import dev.holdfast.workbench.ExecSpec;
import dev.holdfast.workbench.Execution;
import dev.holdfast.workbench.FileEvents;
import dev.holdfast.workbench.FunctionCall;
import dev.holdfast.workbench.FunctionModule;
import dev.holdfast.workbench.GuestFiles;
import dev.holdfast.workbench.Layer;
import dev.holdfast.workbench.NotOnThisLayer;
import dev.holdfast.workbench.Workbench;
import dev.holdfast.workbench.WorkbenchException;
import dev.holdfast.workbench.WorkbenchId;
import dev.holdfast.workbench.WorkbenchSpec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/** A workbench whose files are in memory and whose programs are modules among them. */
final class WasmWorkbench implements Workbench {
  private final Runner runner;
  private final WorkbenchSpec spec;
  private final FileTree tree;
  private final Consumer<WasmWorkbench> closed;
  private final Set<WasmExecution> running = ConcurrentHashMap.newKeySet();
  private volatile boolean alive = true;

  WasmWorkbench(Runner runner, WorkbenchSpec spec, FileTree tree, Consumer<WasmWorkbench> closed) {
    this.runner = runner;
    this.spec = spec;
    this.tree = tree;
    this.closed = closed;
  }

  @Override
  public WorkbenchId id() {
    return spec.id();
  }

  @Override
  public Execution start(ExecSpec exec) {
    return begin(exec);
  }

  @Override
  public ExecResult exec(ExecSpec exec) {
    var execution = begin(exec);
    try (var out = execution.stdout();
        var err = execution.stderr()) {
      var end = execution.await();
      return new ExecResult(end, out.readAllBytes(), err.readAllBytes(), execution.use());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private WasmExecution begin(ExecSpec exec) {
    requireAlive();
    if (exec.terminal().isPresent()) {
      throw new NotOnThisLayer(Layer.WASM, Capability.TERMINAL, "terminals");
    }
    var execution = new WasmExecution(exec);
    running.add(execution);
    execution.begin(() -> start(exec, execution));
    return execution;
  }

  private Running start(ExecSpec exec, WasmExecution execution) {
    try {
      var here = directory(exec.directory());
      var module = FunctionModule.of(exec.argv().getFirst(), bytes(here, exec.argv().getFirst()));
      return runner.start(
          module,
          program(exec, execution, here),
          Math.min(spec.caps().memoryBytes(), FunctionCall.Limits.MOST_MEMORY),
          exec.wallTime(),
          () -> over(execution));
    } catch (WasiError missing) {
      return refused(
          execution,
          "there is no `%s` in the workspace: programs of layer `wasm` are modules that lie there"
              .formatted(exec.argv().getFirst()));
    } catch (ModuleRefused | IllegalArgumentException wrong) {
      return refused(execution, String.valueOf(wrong.getMessage()));
    }
  }

  private Running refused(WasmExecution execution, String why) {
    return Running.refused(why, () -> over(execution));
  }

  private void over(WasmExecution execution) {
    execution.over();
    running.remove(execution);
  }

  /** A path of the workspace as programs write it, from {@link WorkbenchSpec#WORKSPACE} or not. */
  static String relative(String path) {
    if (path.equals(WorkbenchSpec.WORKSPACE)) {
      return ".";
    }
    return path.startsWith(WorkbenchSpec.WORKSPACE + "/")
        ? path.substring(WorkbenchSpec.WORKSPACE.length() + 1)
        : path;
  }

  private Node.Directory directory(String path) {
    return tree.find(tree.root(), relative(path)).directory();
  }

  private byte[] bytes(Node.Directory here, String program) {
    var from = program.startsWith("/") ? tree.root() : here;
    var file = tree.find(from, relative(program)).file();
    return tree.read(file, 0, FunctionModule.MOST_BYTES + 1);
  }

  private Program program(ExecSpec exec, WasmExecution execution, Node.Directory here) {
    var descriptors = new Descriptors(spec.caps().openFiles(), spec.caps().fileBytes());
    descriptors.add(new Descriptor.In(execution.input()));
    descriptors.add(new Descriptor.Out(execution.out()));
    descriptors.add(new Descriptor.Out(execution.err()));
    descriptors.add(new Descriptor.OpenDirectory(tree, tree.root(), WorkbenchSpec.WORKSPACE));
    descriptors.add(new Descriptor.OpenDirectory(tree, here, "."));
    var env = new HashMap<>(spec.env());
    env.putAll(exec.env());
    var senses = new Senses(FunctionCall.Clock.REAL, FunctionCall.Chance.REAL, 0);
    return new Program(exec.argv(), env, descriptors, senses);
  }

  @Override
  public GuestFiles files() {
    requireAlive();
    return new WasmFiles(tree);
  }

  @Override
  public AutoCloseable relay(int guestPort, Path target) {
    throw new NotOnThisLayer(Layer.WASM, Capability.RELAYS, "connections");
  }

  @Override
  public Connection connect(int guestPort) {
    throw new NotOnThisLayer(Layer.WASM, Capability.RELAYS, "connections");
  }

  @Override
  public FileEvents watch(String path) {
    throw new NotOnThisLayer(Layer.WASM, Capability.FILE_EVENTS, "events of files");
  }

  @Override
  public void killAll() {
    running.forEach(WasmExecution::close);
  }

  @Override
  public void pause() {
    throw new NotOnThisLayer(Layer.WASM, Capability.PAUSE, "way to hold programs still");
  }

  @Override
  public void resume() {
    throw new NotOnThisLayer(Layer.WASM, Capability.PAUSE, "way to hold programs still");
  }

  @Override
  public boolean alive() {
    return alive;
  }

  @Override
  public void close() {
    alive = false;
    running.forEach(WasmExecution::lose);
    closed.accept(this);
  }

  private void requireAlive() {
    if (!alive) {
      throw new WorkbenchException("`%s`: the workbench is gone".formatted(spec.id()));
    }
  }
}

package dev.holdfast.workbench.wasm;

import dev.holdfast.workbench.Capability;
import dev.holdfast.workbench.End;
import dev.holdfast.workbench.ExecSpec;
import dev.holdfast.workbench.Execution;
import dev.holdfast.workbench.Layer;
import dev.holdfast.workbench.NotOnThisLayer;
import dev.holdfast.workbench.ResourceUse;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A module running in a workbench. */
final class WasmExecution implements Execution {
  private static final int SIGKILL = 9;

  /** Signals that mean the end, when nobody handles them: nobody can here. */
  private static final Set<Integer> DEADLY = Set.of(1, 2, 3, 6, SIGKILL, 15);

  private final Sink out;
  private final Sink err;
  private final Feed input;
  private @Nullable Running running;

  WasmExecution(ExecSpec spec) {
    var room = new Sink.Room(spec.outputBytes());
    this.out = new Sink(room);
    this.err = new Sink(room);
    this.input = new Feed(spec.stdin(), spec.keepStdin());
  }

  Sink out() {
    return out;
  }

  Sink err() {
    return err;
  }

  InputStream input() {
    return input.reading();
  }

  synchronized void begin(Supplier<Running> start) {
    running = start.get();
  }

  /** Nothing more is written or read. */
  void over() {
    out.end();
    err.end();
    input.end();
  }

  private synchronized Running running() {
    if (running == null) {
      throw new IllegalStateException("the execution has not begun");
    }
    return running;
  }

  @Override
  public InputStream stdout() {
    return out.stream();
  }

  @Override
  public InputStream stderr() {
    return err.stream();
  }

  @Override
  public OutputStream stdin() {
    return input.writing();
  }

  @Override
  public void signal(int signal) {
    if (!DEADLY.contains(signal)) {
      throw new NotOnThisLayer(
          Layer.WASM, Capability.SIGNALS, "signals but those that end a program");
    }
    running().stop(new End.Signalled(signal));
  }

  @Override
  public void resize(ExecSpec.TerminalSize size) {
    throw new NotOnThisLayer(Layer.WASM, Capability.TERMINAL, "terminals");
  }

  @Override
  public End await() {
    var end = running().await();
    over();
    return end;
  }

  @Override
  public ResourceUse use() {
    return running().use();
  }

  /** Ends it with its workbench. */
  void lose() {
    running().stop(new End.WorkbenchLost("the workbench is gone"));
    await();
  }

  @Override
  public void close() {
    running().stop(new End.Signalled(SIGKILL));
    await();
  }
}

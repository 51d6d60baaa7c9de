package dev.holdfast.workbench.guest;

import dev.holdfast.workbench.End;
import dev.holdfast.workbench.ExecResult;
import dev.holdfast.workbench.ExecSpec;
import dev.holdfast.workbench.Execution;
import dev.holdfast.workbench.ResourceUse;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * One program. The reader's thread changes its state under its lock; callers wait on it. Lock
 * order: execution, then its outputs; nothing is sent while a lock is held.
 */
final class GuestExecution implements Execution, FrameStream {
  private static final int SIGTERM = 15;
  private static final int SIGKILL = 9;
  private static final int SHELL_SAYS_KILLED = 128 + SIGKILL;

  /** What the host has done to end it. */
  private enum Ending {
    NOT,
    TERMINATED,
    KILLED
  }

  private final GuestChannel channel;
  private final ExecSpec spec;
  private final OomProbe oom;
  private final Output stdout;
  private final Output stderr;
  private final Input stdin;
  private int id;
  private long deadline;
  private long outputLeft;
  private Ending ending = Ending.NOT;
  private boolean timedOut;
  private boolean outputExceeded;
  private boolean creditDue;
  private @Nullable End end;
  private ResourceUse use = ResourceUse.NONE;

  GuestExecution(GuestChannel channel, ExecSpec spec, OomProbe oom) {
    this.channel = channel;
    this.spec = spec;
    this.oom = oom;
    this.outputLeft = spec.outputBytes();
    this.stdout = new Output(channel, Protocol.STDOUT);
    this.stderr = new Output(channel, Protocol.STDERR);
    this.stdin = new Input(channel, Protocol.STDIN, Limits.INPUT_WINDOW);
  }

  /** Opens the stream and sends the program on its way. */
  void start(ExecFrame frame) {
    var refusal = frame.refusal();
    if (refusal.isPresent()) {
      refuse(refusal.get());
      return;
    }
    long begin = System.nanoTime();
    deadline = begin + Math.min(spec.wallTime().toNanos(), Long.MAX_VALUE / 4);
    id = channel.open(this);
    stdout.bind(id);
    stderr.bind(id);
    stdin.bind(id);
    channel.monitor().watch(deadline);
    channel.send(frame.build(id));
    if (spec.stdin().length > frame.inlineStdin()) {
      stdin.preload(spec.stdin(), frame.inlineStdin(), !spec.keepStdin());
    }
  }

  private synchronized void refuse(String reason) {
    stdout.end();
    stderr.end();
    stdin.breakOff("the program was not started");
    end = new End.NotStarted(reason);
  }

  @Override
  public InputStream stdout() {
    return stdout;
  }

  @Override
  public InputStream stderr() {
    return stderr;
  }

  @Override
  public OutputStream stdin() {
    return stdin;
  }

  @Override
  public void signal(int signal) {
    if (signal < 1 || signal > 64) {
      throw new IllegalArgumentException("signal `%d` is not allowed: 1 to 64".formatted(signal));
    }
    if (isRunning()) {
      channel.send(Frames.finish(Frames.begin(Protocol.SIGNAL, 0, id, 1).put((byte) signal)));
    }
  }

  @Override
  public void resize(ExecSpec.TerminalSize size) {
    if (isRunning()) {
      channel.send(
          Frames.finish(
              Frames.begin(Protocol.RESIZE, 0, id, 4)
                  .putShort((short) size.rows())
                  .putShort((short) size.columns())));
    }
  }

  private synchronized boolean isRunning() {
    return end == null;
  }

  @Override
  public synchronized End await() {
    boolean interrupted = false;
    while (end == null) {
      try {
        wait();
      } catch (InterruptedException _) {
        interrupted = true;
        abortNow();
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return end;
  }

  @Override
  public synchronized ResourceUse use() {
    return use;
  }

  @Override
  public void close() {
    synchronized (this) {
      if (end != null && stdout.hasEnded() && stderr.hasEnded()) {
        return;
      }
      abortNow();
    }
    await();
  }

  /** Gathers the output until the end. */
  ExecResult gather() {
    var out = new ByteArrayOutputStream(0);
    var err = new ByteArrayOutputStream(0);
    while (!awaitProgress()) {
      out.writeBytes(stdout.takeAll());
      err.writeBytes(stderr.takeAll());
    }
    return new ExecResult(
        await(), joined(out, stdout.takeAll()), joined(err, stderr.takeAll()), use());
  }

  private static byte[] joined(ByteArrayOutputStream first, byte[] rest) {
    if (first.size() == 0) {
      return rest;
    }
    first.writeBytes(rest);
    return first.toByteArray();
  }

  /** Waits until all is over (true) or output has to be taken off so that more can come (false). */
  private synchronized boolean awaitProgress() {
    boolean interrupted = false;
    while (!isOver() && !creditDue) {
      try {
        wait();
      } catch (InterruptedException _) {
        interrupted = true;
        abortNow();
      }
    }
    creditDue = false;
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return isOver();
  }

  private boolean isOver() {
    return end != null && stdout.hasEnded() && stderr.hasEnded();
  }

  /** Kills the program and drops what it has not yet been able to say. */
  private void abortNow() {
    if (ending != Ending.KILLED) {
      ending = Ending.KILLED;
      deadline = System.nanoTime() + Limits.DEATH.toNanos();
      channel.sendLater(Frames.empty(Protocol.ABORT, 0, id));
      channel.monitor().watch(deadline);
    }
  }

  @Override
  public synchronized void onHeld(long nanos) {
    deadline += nanos;
  }

  @Override
  public synchronized long onTick(long now) {
    if (end != null && ending != Ending.KILLED) {
      return now + Limits.QUIET.toNanos();
    }
    if (now - deadline >= 0) {
      onDeadline(now);
    }
    return deadline;
  }

  private void onDeadline(long now) {
    switch (ending) {
      case NOT -> {
        timedOut = true;
        ending = Ending.TERMINATED;
        deadline = now + Limits.GRACE.toNanos();
        channel.sendLater(
            Frames.finish(Frames.begin(Protocol.SIGNAL, 0, id, 1).put((byte) SIGTERM)));
      }
      case TERMINATED -> abortNow();
      case KILLED -> {
        deadline = now + Limits.DEATH.toNanos();
        Thread.startVirtualThread(
            () ->
                channel.fail(
                    ChannelEnd.Cause.SILENT,
                    "the guest did not report the end of a killed program"));
      }
    }
  }

  @Override
  public synchronized void onFrame(int type, int sub, ByteBuffer payload) throws ProtocolViolation {
    switch (type) {
      case Protocol.DATA -> onData(output(sub), payload);
      case Protocol.EOF -> onEof(sub);
      case Protocol.CREDIT -> {
        Frames.requireLength(payload, 4);
        stdin.give(payload.getInt());
      }
      case Protocol.EXIT -> onExit(ExitFrame.parse(payload));
      default -> throw new ProtocolViolation("frame type `%#x` for an execution".formatted(type));
    }
  }

  private Output output(int sub) throws ProtocolViolation {
    return switch (sub) {
      case Protocol.STDOUT -> stdout;
      case Protocol.STDERR -> stderr;
      default -> throw new ProtocolViolation("output on sub-stream `%d`".formatted(sub));
    };
  }

  private void onData(Output output, ByteBuffer payload) throws ProtocolViolation {
    int count = payload.remaining();
    int keep = (int) Math.min(count, outputLeft);
    output.receive(payload, ending == Ending.KILLED ? 0 : keep);
    outputLeft -= keep;
    if (keep < count && !outputExceeded) {
      outputExceeded = !timedOut;
      abortNow();
    }
    if (output.available() >= Limits.OUTPUT_WINDOW / 2) {
      creditDue = true;
      notifyAll();
    }
  }

  private void onEof(int sub) throws ProtocolViolation {
    if (sub == Protocol.STDIN) {
      stdin.breakOff("the program does not read its input any more");
      return;
    }
    output(sub).end();
    finishWhenOver();
  }

  private void onExit(ExitFrame exit) throws ProtocolViolation {
    if (end != null) {
      throw new ProtocolViolation("a second end of one execution");
    }
    if ((exit.complete() & 1) != 0) {
      stdout.end();
    }
    if ((exit.complete() & 2) != 0) {
      stderr.end();
    }
    stdin.breakOff("the program has ended");
    use = exit.use();
    end = judge(exit.end(), exit.outOfMemory());
    finishWhenOver();
  }

  private End judge(End reported, boolean outOfMemory) {
    if (timedOut) {
      return new End.TimedOut(spec.wallTime());
    }
    if (outputExceeded) {
      return new End.OutputExceeded(spec.outputBytes());
    }
    OptionalLong limit =
        isKill(reported) && ending != Ending.KILLED
            ? oom.reachedSinceLastAsked(outOfMemory)
            : OptionalLong.empty();
    return limit.isPresent() ? new End.OutOfMemory(limit.getAsLong()) : reported;
  }

  private static boolean isKill(End reported) {
    return switch (reported) {
      case End.Signalled(int signal) -> signal == SIGKILL;
      case End.Exited(int code) -> code == SHELL_SAYS_KILLED;
      case End.TimedOut _,
          End.OutputExceeded _,
          End.OutOfMemory _,
          End.Trapped _,
          End.NotStarted _,
          End.WorkbenchLost _ ->
          false;
    };
  }

  private void finishWhenOver() {
    if (isOver()) {
      channel.forget(id);
    }
    notifyAll();
  }

  @Override
  public synchronized void onEnd(ChannelEnd reason) {
    stdout.breakOff(reason.detail());
    stderr.breakOff(reason.detail());
    stdin.breakOff(reason.detail());
    if (end == null) {
      end = lost(reason);
    }
    notifyAll();
  }

  /** The kernel may have killed the guest itself for memory; then the cap is why it is gone. */
  private End lost(ChannelEnd reason) {
    OptionalLong limit =
        reason.cause() == ChannelEnd.Cause.GUEST_GONE
            ? oom.reachedSinceLastAsked(false)
            : OptionalLong.empty();
    return limit.isPresent()
        ? new End.OutOfMemory(limit.getAsLong())
        : new End.WorkbenchLost(reason.detail());
  }
}

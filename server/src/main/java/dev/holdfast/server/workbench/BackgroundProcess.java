package dev.holdfast.server.workbench;

import dev.holdfast.workbench.End;
import dev.holdfast.workbench.Execution;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A program that goes on when whoever started it has gone. Its newest output is kept, and can be
 * read while it runs and afterwards. Thread-safe.
 */
public final class BackgroundProcess {
  private static final int STDOUT = 1;
  private static final int STDERR = 2;

  private final String id;
  private final List<String> command;
  private final boolean terminal;
  private final Execution execution;
  private final OutputRing output = new OutputRing();
  private final Instant started = Instant.now();
  private @Nullable End end;

  BackgroundProcess(String id, List<String> command, boolean terminal, Execution execution) {
    this.id = id;
    this.command = List.copyOf(command);
    this.terminal = terminal;
    this.execution = execution;
    Thread.startVirtualThread(this::attend);
  }

  private void attend() {
    var stderr = Thread.startVirtualThread(() -> keep(STDERR, execution.stderr()));
    keep(STDOUT, execution.stdout());
    var ended = execution.await();
    try {
      stderr.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    synchronized (this) {
      end = ended;
    }
    output.end();
  }

  private void keep(int stream, InputStream from) {
    var bytes = new byte[16 << 10];
    try {
      for (int count = from.read(bytes); count >= 0; count = from.read(bytes)) {
        output.add(stream, bytes, count);
      }
    } catch (IOException gone) {
      // The workbench is: the program's end says so.
    }
  }

  public String id() {
    return id;
  }

  public List<String> command() {
    return command;
  }

  /** Whether it runs on a terminal, which somebody can attach to. */
  public boolean terminal() {
    return terminal;
  }

  public Instant started() {
    return started;
  }

  public OutputRing output() {
    return output;
  }

  /** The program itself, for signals, sizes and input. */
  public Execution execution() {
    return execution;
  }

  /** How it ended; empty while it runs or has output to come. */
  public synchronized Optional<End> end() {
    return Optional.ofNullable(end);
  }
}

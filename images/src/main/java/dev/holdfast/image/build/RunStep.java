package dev.holdfast.image.build;

import dev.holdfast.image.ImageException;
import dev.holdfast.workbench.Caps;
import dev.holdfast.workbench.End;
import dev.holdfast.workbench.ExecSpec;
import dev.holdfast.workbench.Execution;
import dev.holdfast.workbench.Workbench;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Pattern;

/** Runs one command in a workbench and passes on what it says. */
final class RunStep {
  /** How programs say that they found no network. */
  private static final Pattern NETWORK =
      Pattern.compile(
          "(?i)could not resolve|temporary failure (in name resolution|resolving)|bad address"
              + "|network is (unreachable|down)|name or service not known|enotfound|eai_again"
              + "|getaddrinfo|dial tcp|failed to establish a new connection"
              + "|name resolution|no route to host");

  private final BuildListener listener;
  private final AtomicBoolean wantedNetwork = new AtomicBoolean();

  RunStep(BuildListener listener) {
    this.listener = listener;
  }

  /**
   * @throws ImageException when it does not end well, with why
   */
  void run(Workbench workbench, List<String> argv, String directory, Caps caps) {
    var spec = ExecSpec.of(argv, caps).withDirectory(directory);
    try (Execution execution = workbench.start(spec)) {
      execution.stdin().close();
      Thread out = Thread.ofVirtual().start(() -> pass(execution.stdout()));
      Thread err = Thread.ofVirtual().start(() -> pass(execution.stderr()));
      End end = execution.await();
      out.join();
      err.join();
      check(end);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ImageException("interrupted", e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void pass(InputStream stream) {
    try (var lines = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (NETWORK.matcher(line).find()) {
          wantedNetwork.set(true);
        }
        synchronized (this) {
          listener.output(line);
        }
      }
    } catch (IOException | UncheckedIOException ended) {
      // How it ended, the execution says.
    }
  }

  private void check(End end) {
    String why =
        switch (end) {
          case End.Exited(int code) -> code == 0 ? "" : "it ended with status " + code;
          case End.Signalled(int signal) -> "signal %d ended it".formatted(signal);
          case End.TimedOut(var limit) -> "it ran longer than %d s".formatted(limit.toSeconds());
          case End.OutputExceeded(long limit) -> "it wrote more than %d bytes".formatted(limit);
          case End.OutOfMemory(long limit) ->
              "it used more than %d bytes of memory".formatted(limit);
          case End.Trapped(String reason) -> "it was stopped: " + reason;
          case End.NotStarted(String reason) -> "it was not started: " + reason;
          case End.WorkbenchLost(String reason) -> "the workbench is gone: " + reason;
        };
    if (!why.isEmpty()) {
      throw new ImageException(
          why
              + (wantedNetwork.get()
                  ? "; steps have no network: fetch what it needs into the context and `COPY` it"
                  : ""));
    }
  }
}

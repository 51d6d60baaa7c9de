package dev.holdfast.cli.run;

import dev.holdfast.runs.Takeover;
import dev.holdfast.workbench.ExecSpec.TerminalSize;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The user's own terminal, handing every key on unchanged. {@code stty} sets it up and puts it
 * back: Java has no call for it.
 */
final class RawTerminal implements AutoCloseable {
  private static final TerminalSize USUAL = new TerminalSize(24, 80);
  private static final Duration SIZE_CHECK = Duration.ofMillis(500);

  private final boolean real;
  private final String before;

  private RawTerminal(boolean real, String before) {
    this.real = real;
    this.before = before;
  }

  /**
   * @param real whether there is a terminal; otherwise stdin is handed on as it is
   */
  static RawTerminal enter(boolean real) {
    if (!real) {
      return new RawTerminal(false, "");
    }
    var before = stty("-g").strip();
    stty("raw", "-echo");
    return new RawTerminal(true, before);
  }

  TerminalSize size() {
    if (!real) {
      return USUAL;
    }
    var parts = stty("size").strip().split(" ", -1);
    try {
      return new TerminalSize(Integer.parseInt(parts[0]), Integer.parseInt(parts[1]));
    } catch (RuntimeException unknown) {
      return USUAL; // some terminals report 0 0
    }
  }

  /** Carries keys and sizes there and output back, until the shell ends. */
  void connect(Takeover takeover) throws IOException {
    var keys = Thread.ofPlatform().daemon().name("keys").start(() -> keys(takeover));
    var sizes = Thread.ofVirtual().name("sizes").start(() -> sizes(takeover));
    try {
      takeover.output().transferTo(System.out);
      System.out.flush();
    } finally {
      keys.interrupt();
      sizes.interrupt();
    }
  }

  private static void keys(Takeover takeover) {
    var buffer = new byte[4096];
    try {
      int length;
      while ((length = System.in.read(buffer)) > 0) {
        takeover.keys(buffer, length);
      }
      takeover.keys(new byte[] {4}, 1); // end of input: what control-D would send
    } catch (IOException ended) {
      // the shell is gone
    }
  }

  private void sizes(Takeover takeover) {
    var last = size();
    try {
      while (real) {
        Thread.sleep(SIZE_CHECK);
        var now = size();
        if (!now.equals(last)) {
          takeover.resize(now);
          last = now;
        }
      }
    } catch (InterruptedException | IOException ended) {
      // the shell is gone
    }
  }

  @Override
  public void close() {
    if (real) {
      stty(before);
    }
  }

  private static String stty(String... arguments) {
    var command = new ArrayList<>(List.of("stty"));
    command.addAll(List.of(arguments));
    try {
      var process =
          new ProcessBuilder(command).redirectInput(ProcessBuilder.Redirect.INHERIT).start();
      var text = new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
      process.waitFor();
      return text;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot run stty", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "";
    }
  }
}

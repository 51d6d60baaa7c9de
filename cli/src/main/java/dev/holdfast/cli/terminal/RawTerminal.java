package dev.holdfast.cli.terminal;

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
public final class RawTerminal implements AutoCloseable {
  private static final TerminalSize USUAL = new TerminalSize(24, 80);
  private static final Duration SIZE_CHECK = Duration.ofMillis(500);

  private final boolean real;
  private final String before;
  private final Thread atEnd = new Thread(this::restore, "terminal");

  private RawTerminal(boolean real, String before) {
    this.real = real;
    this.before = before;
    Runtime.getRuntime().addShutdownHook(atEnd);
  }

  /**
   * Takes it over until it is closed, or the process ends.
   *
   * @param real whether there is a terminal; otherwise stdin is handed on as it is
   */
  public static RawTerminal enter(boolean real) {
    if (!real) {
      return new RawTerminal(false, "");
    }
    var before = stty("-g").strip();
    stty("raw", "-echo");
    return new RawTerminal(true, before);
  }

  /** Its size now; 24 by 80 where it does not say. */
  public TerminalSize size() {
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

  /** A program's terminal elsewhere. */
  public interface Far {
    void keys(byte[] keys, int length) throws IOException;

    void resize(TerminalSize size) throws IOException;
  }

  /** What goes on meanwhile: the far terminal's output comes here. */
  public interface Output<R> {
    R carry() throws IOException;
  }

  /** Carries keys and sizes there for as long as output comes back. */
  public <R> R connect(Far far, Output<R> output) throws IOException {
    var keys = Thread.ofPlatform().daemon().name("keys").start(() -> keys(far));
    var sizes = Thread.ofVirtual().name("sizes").start(() -> sizes(far));
    try {
      return output.carry();
    } finally {
      System.out.flush();
      keys.interrupt();
      sizes.interrupt();
    }
  }

  private static void keys(Far far) {
    var buffer = new byte[4096];
    try {
      int length;
      while ((length = System.in.read(buffer)) > 0) {
        far.keys(buffer, length);
      }
      far.keys(new byte[] {4}, 1); // end of input: what control-D would send
    } catch (IOException ended) {
      // the program is gone
    }
  }

  private void sizes(Far far) {
    var last = size();
    try {
      while (real) {
        Thread.sleep(SIZE_CHECK);
        var now = size();
        if (!now.equals(last)) {
          far.resize(now);
          last = now;
        }
      }
    } catch (InterruptedException | IOException ended) {
      // the program is gone
    }
  }

  @Override
  public void close() {
    try {
      Runtime.getRuntime().removeShutdownHook(atEnd);
      restore();
    } catch (IllegalStateException underWay) {
      // The process is ending, and restores it.
    }
  }

  private void restore() {
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

package dev.holdfast.runs;

import dev.holdfast.policy.Act;
import dev.holdfast.run.RunEvent;
import dev.holdfast.tool.gate.RunSession;
import dev.holdfast.workbench.ExecSpec;
import dev.holdfast.workbench.ExecSpec.TerminalSize;
import dev.holdfast.workbench.Execution;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/**
 * Lets a person take over the workbench of a run that this process executes, from another process:
 * a Unix socket in a directory that only the owner can enter.
 *
 * <p>The client sends a {@link Takeover.Hello}, then {@link Takeover} frames; it receives the
 * terminal's output as plain bytes until the shell ends.
 */
final class TakeoverServer implements AutoCloseable {
  /** A person may stay this long; the shell is ended then, as everything has an end. */
  private static final Duration LONGEST = Duration.ofHours(12);

  private static final long MOST_OUTPUT = 4L << 30;

  private final ServerSocketChannel server;
  private final Path socket;
  private final RunSession run;
  private final ActDesk acts;

  private TakeoverServer(ServerSocketChannel server, Path socket, RunSession run, ActDesk acts) {
    this.server = server;
    this.socket = socket;
    this.run = run;
    this.acts = acts;
  }

  static TakeoverServer listen(Path socket, RunSession run, ActDesk acts) {
    try {
      Files.deleteIfExists(socket);
      var server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
      server.bind(UnixDomainSocketAddress.of(socket));
      var takeovers = new TakeoverServer(server, socket, run, acts);
      Thread.ofVirtual().name("takeover-" + run.id()).start(takeovers::acceptAll);
      return takeovers;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot listen at `%s`".formatted(socket), e);
    }
  }

  private void acceptAll() {
    while (server.isOpen()) {
      try {
        var client = server.accept();
        Thread.ofVirtual().start(() -> serve(client));
      } catch (ClosedChannelException closed) {
        return;
      } catch (IOException e) {
        run.person().progress(run, Takeover.NO_CALL, "takeover is not possible: " + e.getMessage());
        return;
      }
    }
  }

  private void serve(SocketChannel client) {
    try (client) {
      var in = new DataInputStream(Channels.newInputStream(client));
      var hello = Takeover.Hello.read(in);
      var out = Channels.newOutputStream(client);
      var refusal = acts.refusal(run, hello.by(), Act.TAKEOVER);
      if (refusal.isPresent()) {
        out.write((refusal.get() + "\r\n").getBytes(StandardCharsets.UTF_8));
        return;
      }
      run.whilePersonActs(() -> shell(hello, in, out));
    } catch (IOException gone) {
      // The person's terminal is gone: their shell has ended with it, and the agent goes on.
    }
  }

  private void shell(Takeover.Hello hello, DataInputStream in, OutputStream out) {
    run.append(new RunEvent.TakenOver(hello.by()));
    try (var shell = run.workbench().start(spec(hello.size()))) {
      Thread.ofVirtual().start(() -> input(in, shell));
      shell.stdout().transferTo(out);
      shell.await();
    } catch (IOException gone) {
      // As above; the try has ended the shell.
    } finally {
      run.checkpoint("takeover");
      run.append(new RunEvent.HandedBack(hello.by(), ""));
    }
  }

  private static ExecSpec spec(TerminalSize size) {
    return ExecSpec.of("/bin/bash", "--norc", "-i")
        .withTerminal(size)
        .withEnv(Map.of("TERM", "xterm-256color", "PS1", "holdfast:\\w\\$ "))
        .withWallTime(LONGEST)
        .withOutputBytes(MOST_OUTPUT);
  }

  /** Carries the person's keys to the shell; their terminal's end ends the shell. */
  private static void input(DataInputStream in, Execution shell) {
    try (shell) {
      while (true) {
        switch (Takeover.Frame.read(in)) {
          case Takeover.Frame.Keys(byte[] keys) -> {
            shell.stdin().write(keys);
            shell.stdin().flush();
          }
          case Takeover.Frame.Resize(TerminalSize size) -> shell.resize(size);
        }
      }
    } catch (IOException ended) {
      // Either side is done.
    }
  }

  @Override
  public void close() {
    try {
      server.close();
      Files.deleteIfExists(socket);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot stop listening at `%s`".formatted(socket), e);
    }
  }
}

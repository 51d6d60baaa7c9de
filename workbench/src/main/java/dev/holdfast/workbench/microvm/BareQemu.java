package dev.holdfast.workbench.microvm;

import dev.holdfast.workbench.Caps;
import dev.holdfast.workbench.Root;
import dev.holdfast.workbench.WorkbenchCheckpoint.Content;
import dev.holdfast.workbench.WorkbenchException;
import dev.holdfast.workbench.oci.Jail;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;

/**
 * QEMU alone continuing from a snapshot of the engine's, without a jail around it and without a
 * workbench made of it: what the engine's own time is to be compared with.
 */
public final class BareQemu {
  private final List<String> command;
  private final Path directory;

  /**
   * Prepares it.
   *
   * @param directory for sockets; nobody else may use it
   */
  public BareQemu(MicrovmEngine engine, Caps caps, Path directory) throws IOException {
    this(engine.template(caps, new Root.Host(), Content.FILES), caps, directory);
  }

  private BareQemu(Template template, Caps caps, Path directory) throws IOException {
    String nothing = Files.createDirectories(directory.resolve("nothing")).toString();
    this.directory = directory;
    this.command =
        Qemu.emulating(caps, Content.FILES).resume().stream()
            .map(word -> word.replace(Surroundings.RAM, template.ram().toString()))
            .map(word -> word.replace(Surroundings.STATE, template.state().toString()))
            .map(word -> word.replace(QemuCommand.CONTROL, control().toString()))
            .map(word -> word.replace(Jail.CHANNEL, channel().toString()))
            .map(word -> word.replace("path=" + Surroundings.SYSTEM, "path=/usr"))
            .map(word -> word.replace("path=" + Surroundings.SHARES, "path=" + nothing))
            .toList();
  }

  private BareQemu(BareQemu same, Path from, Path to) {
    this.directory = same.directory;
    this.command =
        same.command.stream().map(word -> word.replace(from.toString(), to.toString())).toList();
  }

  /** The same machine going on from what {@link Running#save} wrote. */
  public BareQemu from(MicrovmEngine engine, Caps caps, Path saved) throws IOException {
    Path state = engine.template(caps, new Root.Host(), Content.FILES).state();
    return new BareQemu(this, state, saved);
  }

  private Path control() {
    return directory.resolve("control");
  }

  private Path channel() {
    return directory.resolve("channel");
  }

  private Path memory() {
    return directory.resolve("memory");
  }

  /** Starts QEMU, waits until the machine runs again, and ends it. */
  public void once() throws IOException, InterruptedException {
    start().close();
  }

  /** Starts QEMU and waits until the machine runs again. */
  public Running start() throws IOException, InterruptedException {
    try (ServerSocketChannel forControl = listen(control());
        ServerSocketChannel forChannel = listen(channel())) {
      Process qemu =
          new ProcessBuilder(command)
              .redirectInput(Redirect.from(Path.of("/dev/null").toFile()))
              .redirectOutput(Redirect.DISCARD)
              .redirectError(Redirect.DISCARD)
              .start();
      boolean runs = false;
      try {
        var machine = new Running(qemu, forControl.accept(), forChannel.accept());
        machine.resume();
        runs = true;
        return machine;
      } finally {
        if (!runs) {
          qemu.destroyForcibly().waitFor();
        }
      }
    }
  }

  private static ServerSocketChannel listen(Path path) throws IOException {
    Files.deleteIfExists(path);
    return ServerSocketChannel.open(StandardProtocolFamily.UNIX)
        .bind(UnixDomainSocketAddress.of(path));
  }

  /** A machine that runs. */
  public final class Running implements AutoCloseable {
    private final Process qemu;
    private final SocketChannel channel;
    private final Qmp qmp;

    private Running(Process qemu, SocketChannel monitor, SocketChannel channel) throws IOException {
      this.qemu = qemu;
      this.channel = channel;
      this.qmp = new Qmp(monitor);
    }

    private void resume() throws IOException {
      qmp.ignoreSharedMemory();
      qmp.command("migrate-incoming", Map.of("uri", "fd:3"));
      long deadline = System.nanoTime() + 30_000_000_000L;
      for (String state = state(); !state.equals("running"); state = state()) {
        if (System.nanoTime() > deadline) {
          throw new WorkbenchException("qemu alone did not continue from the snapshot");
        }
        if (state.equals("paused")) { // as it was when it was saved
          qmp.command("cont", Map.of());
        }
      }
    }

    private String state() throws IOException {
      return qmp.command("query-status", Map.of()).path("status").asString("");
    }

    /** Writes all of it, memory included, and lets it go on. */
    public void save(Path file) throws IOException {
      try (ServerSocketChannel out = listen(memory())) {
        qmp.command("stop", Map.of());
        qmp.command("migrate", Map.of("uri", "unix:" + memory()));
        try (SocketChannel from = out.accept()) {
          Files.copy(Channels.newInputStream(from), file, StandardCopyOption.REPLACE_EXISTING);
        }
        qmp.awaitMigrated();
        qmp.command("cont", Map.of());
      }
    }

    @Override
    public void close() throws IOException, InterruptedException {
      try (channel;
          qmp) {
        qemu.destroyForcibly().waitFor();
      }
    }
  }
}

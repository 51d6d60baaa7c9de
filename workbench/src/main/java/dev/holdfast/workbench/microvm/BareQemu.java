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
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * QEMU alone continuing from a snapshot of the engine's, without a jail around it and without a
 * workbench made of it: what the engine's own time is to be compared with.
 */
public final class BareRestore {
  private final List<String> command;
  private final Path control;
  private final Path channel;

  /**
   * Prepares it.
   *
   * @param directory for sockets; nobody else may use it
   */
  public BareRestore(MicrovmEngine engine, Caps caps, Path directory) throws IOException {
    Template template = engine.template(caps, new Root.Host(), Content.FILES);
    this.control = directory.resolve("control");
    this.channel = directory.resolve("channel");
    String nothing = Files.createDirectories(directory.resolve("nothing")).toString();
    this.command =
        Qemu.emulating(caps, Content.FILES).resume().stream()
            .map(word -> word.replace(Surroundings.RAM, template.ram().toString()))
            .map(word -> word.replace(Surroundings.STATE, template.state().toString()))
            .map(word -> word.replace(QemuCommand.CONTROL, control.toString()))
            .map(word -> word.replace(Jail.CHANNEL, channel.toString()))
            .map(word -> word.replace("path=" + Surroundings.SYSTEM, "path=/usr"))
            .map(word -> word.replace("path=" + Surroundings.SHARES, "path=" + nothing))
            .toList();
  }

  /** Starts QEMU, waits until the machine runs again, and ends it. */
  public void once() throws IOException, InterruptedException {
    Files.deleteIfExists(control);
    Files.deleteIfExists(channel);
    try (ServerSocketChannel forControl = listen(control);
        ServerSocketChannel forChannel = listen(channel)) {
      Process qemu =
          new ProcessBuilder(command)
              .redirectInput(Redirect.from(Path.of("/dev/null").toFile()))
              .redirectOutput(Redirect.DISCARD)
              .redirectError(Redirect.DISCARD)
              .start();
      try (SocketChannel monitor = forControl.accept();
          SocketChannel _ = forChannel.accept()) {
        resume(monitor);
      } finally {
        qemu.destroyForcibly().waitFor();
      }
    }
  }

  private static ServerSocketChannel listen(Path path) throws IOException {
    return ServerSocketChannel.open(StandardProtocolFamily.UNIX)
        .bind(UnixDomainSocketAddress.of(path));
  }

  private static void resume(SocketChannel monitor) throws IOException {
    var qmp = new Qmp(monitor);
    qmp.ignoreSharedMemory();
    qmp.command("migrate-incoming", Map.of("uri", "fd:3"));
    long deadline = System.nanoTime() + 30_000_000_000L;
    while (!qmp.command("query-status", Map.of()).path("running").asBoolean(false)) {
      if (System.nanoTime() > deadline) {
        throw new WorkbenchException("qemu alone did not continue from the snapshot");
      }
    }
  }
}

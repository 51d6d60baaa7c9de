package dev.holdfast.workbench.microvm;

import dev.holdfast.digest.Sha256;
import dev.holdfast.files.HostFiles;
import dev.holdfast.workbench.Caps;
import dev.holdfast.workbench.Root;
import dev.holdfast.workbench.WorkbenchCheckpoint.Content;
import dev.holdfast.workbench.WorkbenchException;
import dev.holdfast.workbench.guest.GuestBinary;
import dev.holdfast.workbench.oci.Jail;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The snapshots of one state directory, one for each kind of machine, made when they are first
 * needed. Their names follow from everything that they were made of, so a changed kernel, guest or
 * monitor gives a new one; those of the same monitor made of something else are removed then.
 */
final class Templates {
  private final Jail jail;
  private final Vmm vmm;
  private final Duration limit;
  private final byte[] initial;
  private final String ofMonitor;
  private final String base;
  private final Map<String, Template> known = new ConcurrentHashMap<>();

  Templates(Jail jail, GuestKernel kernel, Vmm vmm, Duration limit) throws IOException {
    this.jail = jail;
    this.vmm = vmm;
    this.limit = limit;
    this.initial =
        InitialFiles.of(
            vmm.drivers(),
            jail.program("machine"),
            GuestBinary.extractTo(jail.store()),
            jail.etc());
    this.ofMonitor = "machine-%s-".formatted(vmm.program().getFileName());
    String parts = digest(initial, stamp(kernel.image()) + stamp(vmm.program()));
    this.base = ofMonitor + parts.substring(0, 12);
  }

  private static String stamp(Path file) throws IOException {
    return "%s %d %s ".formatted(file, Files.size(file), Files.getLastModifiedTime(file));
  }

  private static String digest(byte[] bytes, String text) {
    MessageDigest hash = Sha256.start();
    hash.update(bytes);
    hash.update(text.getBytes(StandardCharsets.UTF_8));
    return Sha256.hex(hash);
  }

  /**
   * The snapshot of a kind of machine.
   *
   * @throws WorkbenchException when the machine does not start
   */
  Template of(Caps caps, Root root, Content saves) throws IOException {
    String name = base + "-" + kind(caps, root, saves);
    Template template = known.get(name);
    if (template == null || !Files.isReadable(template.state())) {
      template = findOrMake(name, caps, root, saves);
      known.put(name, template);
    }
    return template;
  }

  /** Its hardware and what it itself keeps; output and time are kept by the host. */
  private String kind(Caps caps, Root root, Content saves) {
    byte[] shape = Settings.shape(caps, root);
    var text = "%s %s".formatted(vmm.hardware(caps, saves), HexFormat.of().formatHex(shape));
    return digest(new byte[0], text).substring(0, 12);
  }

  /** One process makes it, the others wait for it. */
  private synchronized Template findOrMake(String name, Caps caps, Root root, Content saves)
      throws IOException {
    Path directory = jail.store().resolve(name);
    try (FileChannel file =
            FileChannel.open(
                jail.store().resolve("machine.lock"),
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE);
        var _ = file.lock()) {
      if (!Files.isDirectory(directory)) {
        removeOthers();
        make(caps, root, saves, directory);
      }
    }
    return new Template(directory);
  }

  /** Machines that run keep the files they have mapped. */
  private void removeOthers() throws IOException {
    try (DirectoryStream<Path> all = Files.newDirectoryStream(jail.store(), ofMonitor + "*")) {
      for (Path other : all) {
        if (!other.getFileName().toString().startsWith(base)) {
          HostFiles.delete(other);
        }
      }
    }
  }

  private void make(Caps caps, Root root, Content saves, Path directory) throws IOException {
    Path draft = Files.createTempDirectory(jail.store(), ofMonitor + "draft-");
    try {
      Files.write(draft.resolve("initrd"), initial);
      Files.createDirectory(draft.resolve("draft"));
      new Snapshot(jail, vmm, caps, root, saves, limit).take(draft);
      Files.move(draft, directory, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      HostFiles.delete(draft);
    }
  }
}

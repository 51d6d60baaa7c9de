package dev.holdfast.workbench.microvm;

import dev.holdfast.workbench.Caps;
import dev.holdfast.workbench.Root;
import dev.holdfast.workbench.WorkbenchCheckpoint.Content;
import dev.holdfast.workbench.WorkbenchException;
import dev.holdfast.workbench.WorkbenchId;
import dev.holdfast.workbench.oci.Jail;
import dev.holdfast.workbench.oci.OciEngine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;

/**
 * Boots a machine cold and keeps its memory and the state of its devices as files.
 *
 * @param limit on its cold start, from when its monitor is there
 */
record Snapshot(Jail jail, Vmm vmm, Caps caps, Root root, Content saves, Duration limit) {
  private static final int COMPLAINT = 800;

  /**
   * Takes it.
   *
   * @param directory has {@code initrd} and an empty {@code draft}; afterwards {@code ram} and
   *     {@code state} in their place
   */
  void take(Path directory) throws IOException {
    WorkbenchId id = WorkbenchId.random();
    var boot = new Vmm.Boot(id, jail.claim(id), directory, caps, root, saves);
    Files.setAttribute(boot.draft(), "unix:uid", OciEngine.OWNER);
    try (Vmm.Running machine = vmm.boot(boot)) {
      MachinePort.prepare(machine.channel(), Settings.shape(caps, root), limit);
      machine.save(directory);
    } catch (WorkbenchException e) {
      throw new WorkbenchException(e.getMessage() + complaint(boot.draft()), e);
    } finally {
      jail.end(id);
    }
    keep(directory);
    Files.delete(boot.initrd());
    Files.delete(boot.draft());
  }

  /** What the monitor and the kernel said last. */
  private static String complaint(Path draft) {
    var text = new StringBuilder();
    for (String name : List.of("log", "console")) {
      try {
        String said = Files.readString(draft.resolve(name)).strip();
        if (!said.isEmpty()) {
          text.append("; ").append(said, Math.max(0, said.length() - COMPLAINT), said.length());
        }
      } catch (IOException none) {
        // It said nothing there.
      }
    }
    return text.toString();
  }

  /** From here on the files are the host's, and nobody writes to them. */
  private static void keep(Path directory) throws IOException {
    for (Path file : List.of(directory.resolve("ram"), directory.resolve("state"))) {
      Files.setAttribute(file, "unix:uid", 0);
      Files.setAttribute(file, "unix:gid", 0);
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("r--r--r--"));
    }
    for (String name : List.of("draft/log", "draft/console")) {
      Files.deleteIfExists(directory.resolve(name));
    }
  }
}

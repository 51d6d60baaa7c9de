package dev.holdfast.workbench.microvm;

import dev.holdfast.workbench.Mount;
import dev.holdfast.workbench.Root;
import dev.holdfast.workbench.WorkbenchSpec;
import dev.holdfast.workbench.oci.Jail;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The container that QEMU runs in when it continues from a snapshot, with all that the machine
 * needs and nothing else.
 *
 * @param preload what QEMU is started with
 */
record Surroundings(Machine machine, Template template, Path preload) {
  private static final String PRELOAD = Machine.PLACE + "/private_ram.so";

  /**
   * The container for a workbench.
   *
   * @param workspace what may be done in the workspace's directory
   * @param run the workbench's directory on the host
   */
  WorkbenchSpec container(WorkbenchSpec spec, Mount.Access workspace, Path run, Jail.Door control)
      throws IOException {
    List<Mount> mounts = shares(spec, workspace, run);
    mounts.add(readable(control.path(), Machine.CONTROL));
    mounts.add(readable(template.ram(), Machine.RAM));
    mounts.add(readable(template.state(), Machine.STATE));
    mounts.add(readable(preload, PRELOAD));
    mounts.add(readable(system(spec.root()), Machine.SYSTEM));
    return new WorkbenchSpec(
        spec.id(),
        Optional.empty(),
        mounts,
        machine.jail(spec.caps(), spec.caps().fileBytes()),
        Map.of("LD_PRELOAD", PRELOAD),
        new Root.Host(spec.root().agent()));
  }

  /** What the machine may mount. Its device is there, even when that is nothing. */
  private static List<Mount> shares(WorkbenchSpec spec, Mount.Access workspace, Path run)
      throws IOException {
    var shares = new ArrayList<Mount>();
    spec.workspace().ifPresent(path -> shares.add(new Mount(path, Machine.WORKSPACE, workspace)));
    for (int i = 0; i < spec.mounts().size(); i++) {
      Mount mount = spec.mounts().get(i);
      shares.add(new Mount(mount.source(), Machine.SHARES + "/" + i, mount.access()));
    }
    if (shares.isEmpty()) {
      shares.add(readable(Files.createDirectory(run.resolve("shares")), Machine.SHARES));
    }
    return shares;
  }

  /** What the machine's programs come from; QEMU's own is the host's in any case. */
  private static Path system(Root root) {
    return root instanceof Root.Image image ? image.tree() : Path.of("/usr");
  }

  static Mount readable(Path path, String target) {
    return new Mount(path, target, Mount.Access.READ_ONLY);
  }
}

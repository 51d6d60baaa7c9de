package dev.holdfast.workbench.microvm;

import dev.holdfast.workbench.Mount;
import dev.holdfast.workbench.Root;
import dev.holdfast.workbench.WorkbenchSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What a monitor finds in its jail, whichever it is. */
final class Surroundings {
  /** What is only in the jail, as mounts of it. */
  static final String PLACE = "/vm";

  /** Where a machine finds its snapshot. */
  static final String RAM = PLACE + "/ram";

  static final String STATE = PLACE + "/state";

  /** What a machine boots from, and where its snapshot is written. */
  static final String KERNEL = PLACE + "/kernel";

  static final String INITRD = PLACE + "/initrd";
  static final String DRAFT = PLACE + "/draft";

  /** The host's {@code /usr}, or an image. */
  static final String SYSTEM = PLACE + "/system";

  /** The directory whose entries a machine may mount: its workspace and its mounts by number. */
  static final String SHARES = PLACE + "/shares";

  static final String WORKSPACE = SHARES + "/workspace";

  private Surroundings() {}

  /** A machine that boots has no files but those that it boots from. */
  static List<Mount> booting(Vmm.Boot boot, Path kernel) throws IOException {
    Path nothing = nothing(boot.run());
    var mounts = new ArrayList<Mount>();
    mounts.add(readable(nothing, SHARES));
    mounts.add(readable(nothing, SYSTEM));
    mounts.add(readable(kernel, KERNEL));
    mounts.add(readable(boot.initrd(), INITRD));
    mounts.add(new Mount(boot.draft(), DRAFT, Mount.Access.READ_WRITE));
    return mounts;
  }

  /**
   * What the machine continues from, and what the workbench has of the host's files.
   *
   * @param workspace what may be done in the workspace's directory
   * @param run the workbench's directory on the host
   */
  static List<Mount> resuming(
      WorkbenchSpec spec, Mount.Access workspace, Path run, Path ram, Path state)
      throws IOException {
    List<Mount> mounts = shares(spec, workspace, run);
    mounts.add(readable(ram, RAM));
    mounts.add(readable(state, STATE));
    mounts.add(readable(system(spec.root()), SYSTEM));
    return mounts;
  }

  /** What the machine may mount. The directory is there, even when that is nothing. */
  private static List<Mount> shares(WorkbenchSpec spec, Mount.Access workspace, Path run)
      throws IOException {
    var shares = new ArrayList<Mount>();
    spec.workspace().ifPresent(path -> shares.add(new Mount(path, WORKSPACE, workspace)));
    for (int i = 0; i < spec.mounts().size(); i++) {
      Mount mount = spec.mounts().get(i);
      shares.add(new Mount(mount.source(), SHARES + "/" + i, mount.access()));
    }
    if (shares.isEmpty()) {
      shares.add(readable(nothing(run), SHARES));
    }
    return shares;
  }

  private static Path nothing(Path run) throws IOException {
    return Files.createDirectory(run.resolve("shares"));
  }

  /** What the machine's programs come from; the monitor's own is the host's in any case. */
  private static Path system(Root root) {
    return root instanceof Root.Image image ? image.tree() : Path.of("/usr");
  }

  static Mount readable(Path path, String target) {
    return new Mount(path, target, Mount.Access.READ_ONLY);
  }
}

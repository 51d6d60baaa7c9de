package dev.holdfast.cli.doctor;

import static dev.holdfast.cli.doctor.Host.QUICK;

import dev.holdfast.workbench.Caps;
import dev.holdfast.workbench.oci.KernelCalls;
import dev.holdfast.workbench.oci.Rootless;
import java.util.List;

/** What the kernel offers, each thing tried for real. */
final class KernelChecks {
  private KernelChecks() {}

  /**
   * The version says little, as distributions add and switch off: the calls themselves are tried.
   */
  static Finding kernel(Host host) {
    var release = host.read("/proc/sys/kernel/osrelease").strip();
    if (release.isEmpty()) {
      return Finding.broken("not Linux; run Holdfast in a Linux virtual machine", Remedy.NONE);
    }
    var missing = KernelCalls.missing();
    return missing.isEmpty()
        ? Finding.works("Linux " + release)
        : Finding.broken(
            "Linux %s has no %s; 5.12 or newer is needed"
                .formatted(release, String.join(", ", missing)),
            Remedy.run("sudo apt-get install -y linux-image-amd64 && sudo reboot"));
  }

  /** The kernel counts those of all workbenches together with those of the host's root. */
  static Finding inotify(Host host) {
    var value = host.read("/proc/sys/fs/inotify/max_user_instances").strip();
    long most = value.matches("\\d{1,18}") ? Long.parseLong(value) : 0;
    long usable = (long) Caps.DEFAULT.pids() * Caps.DEFAULT.openFiles();
    return most > usable
        ? Finding.works("%,d for each user".formatted(most))
        : Finding.broken(
            "%,d for root and all workbenches together: one can use them up".formatted(most),
            Remedy.run("sudo sysctl -w fs.inotify.max_user_instances=" + Integer.MAX_VALUE));
  }

  static Finding userNamespaces(Host host) {
    var ran = host.run(QUICK, "unshare", "--user", "--map-root-user", "true");
    if (ran.ok()) {
      return Finding.works(host.root() ? "as root" : "without root");
    }
    return Finding.broken(
        ran.lastLine(),
        Remedy.run(
            "sudo sysctl -w user.max_user_namespaces=65536 kernel.unprivileged_userns_clone=1"));
  }

  static Finding cgroups(Host host) {
    var mounts = host.read("/proc/self/mountinfo");
    var unified = mounts.contains(" - cgroup2 ");
    var old = mounts.contains(" - cgroup ");
    if (!unified && !old) {
      return Finding.broken(
          "no cgroup file system is mounted",
          Remedy.run("sudo mount -t cgroup2 none /sys/fs/cgroup"));
    }
    var mode = unified && old ? "hybrid" : unified ? "v2" : "v1";
    var lacking =
        List.of("memory", "pids", "cpu").stream()
            .filter(controller -> !controllers(host).contains(controller))
            .toList();
    return lacking.isEmpty()
        ? Finding.works(mode + ", with memory, pids and cpu")
        : Finding.broken(
            mode + ", without the controller " + String.join(", ", lacking),
            Remedy.run("add `cgroup_enable=memory` to the kernel's command line and reboot"));
  }

  private static List<String> controllers(Host host) {
    return host.read("/proc/cgroups")
        .lines()
        .filter(line -> line.endsWith("\t1"))
        .map(line -> line.substring(0, line.indexOf('\t')))
        .toList();
  }

  /** Mounted in a mount namespace of its own, so that it ends with the program. */
  static Finding overlay(Host host) {
    var script =
        """
        set -e; d=$(mktemp -d); trap 'umount "$d/m" 2>/dev/null; umount "$d"; rmdir "$d"' EXIT
        mount -t tmpfs none "$d"; mkdir "$d/l" "$d/u" "$d/w" "$d/m"; echo below >"$d/l/f"
        mount -t overlay overlay -o "lowerdir=$d/l,upperdir=$d/u,workdir=$d/w$1" "$d/m"
        echo above >"$d/m/f"; test "$(cat "$d/l/f" "$d/u/f" | tr '\\n' ,)" = below,above,
        """;
    var option = Rootless.isActive() ? ",userxattr" : "";
    var ran = host.run(QUICK, "unshare", "--mount", "sh", "-c", script, "sh", option);
    return ran.ok()
        ? Finding.works("mounted and written")
        : Finding.broken(
            reason(host, ran), Remedy.run(host.root() ? "modprobe overlay" : "run it as root"));
  }

  /** The bounded file system of a workspace: an ext4 image on a loop device. */
  static Finding loop(Host host) {
    if (Rootless.isActive()) {
      return Finding.works("not needed: without root, workspaces are in memory");
    }
    if (!host.has("mkfs.ext4")) {
      return Finding.broken("mkfs.ext4 is missing", Remedy.install("e2fsprogs"));
    }
    var script =
        """
        set -e; f=$(mktemp); d=$(mktemp -d)
        trap 'umount "$d" 2>/dev/null; rmdir "$d"; rm -f "$f"' EXIT
        truncate -s 16M "$f"; mkfs.ext4 -q -F "$f"; mount -o loop "$f" "$d"; echo x >"$d/x"
        """;
    var ran = host.run(QUICK, "unshare", "--mount", "sh", "-c", script);
    return ran.ok()
        ? Finding.works("an ext4 image mounts")
        : Finding.broken(
            reason(host, ran), Remedy.run(host.root() ? "modprobe loop" : "run it as root"));
  }

  private static String reason(Host host, Host.Ran ran) {
    return (host.root() ? "" : "not root; ") + ran.lastLine();
  }
}

package dev.holdfast.bench;

import java.util.List;

/** Bubblewrap's namespaces over the host's {@code /usr}; it knows no limits. */
final class Bubblewrap {
  private Bubblewrap() {}

  static List<String> argv(String program) {
    return List.of(
        program,
        "--unshare-all",
        "--die-with-parent",
        "--ro-bind",
        "/usr",
        "/usr",
        "--symlink",
        "usr/lib",
        "/lib",
        "--symlink",
        "usr/lib64",
        "/lib64",
        "--proc",
        "/proc",
        "--dev",
        "/dev",
        "--tmpfs",
        "/tmp",
        "/usr/bin/true");
  }
}

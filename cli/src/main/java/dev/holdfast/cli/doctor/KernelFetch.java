package dev.holdfast.cli.doctor;

import dev.holdfast.workbench.microvm.GuestKernel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Takes a kernel for microVMs out of the distribution's package. The package is not installed: that
 * would change what the host itself boots.
 */
final class KernelFetch {
  /** The package that always depends on the newest kernel. The cloud kernel has no 9p. */
  static final String PACKAGE = "linux-image-amd64";

  /** With it tests have vsock in a machine without the device. */
  private static final String FOR_TESTS = "net/vmw_vsock/vsock_loopback";

  private static final Duration LIMIT = Duration.ofMinutes(5);

  /** Arguments: the package, where to, and patterns of what to take. */
  private static final String SCRIPT =
      """
      set -eu
      package=$1 to=$2
      shift 2
      image=$(apt-cache depends "$package" | sed -n 's/^ *Depends: \\(linux-image-[0-9][^ ]*\\).*/\\1/p' | head -n 1)
      [ -n "$image" ] || { echo "no kernel package is known" >&2; exit 1; }
      work=$(mktemp -d)
      trap 'rm -rf "$work"' EXIT
      cd "$work"
      apt-get download "$image"
      mkdir -p files "$to"
      dpkg-deb --fsys-tarfile ./*.deb | tar -x -C files --no-same-owner --wildcards "$@"
      cp -R files/. "$to"
      """;

  private KernelFetch() {}

  static Host.Ran fetch(Host host) {
    var command = new ArrayList<>(List.of("sh", "-c", SCRIPT, "sh", PACKAGE));
    command.add(GuestKernel.FETCHED.toString());
    command.add("./boot/vmlinuz-*");
    Stream.concat(GuestKernel.moduleNames().stream(), Stream.of(FOR_TESTS))
        .forEach(name -> command.add("./lib/modules/*/kernel/" + name + ".ko*"));
    return host.run(LIMIT, command.toArray(String[]::new));
  }
}

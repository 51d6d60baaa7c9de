package dev.holdfast.workbench.microvm;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A kernel for microVMs, with the drivers it needs.
 *
 * @param version as {@code uname -r} says it inside
 * @param image the bootable file
 * @param modules in the order in which they must be loaded
 * @param vsock what machines need after those that speak to the host over vsock; none when the
 *     kernel is without
 */
public record GuestKernel(String version, Path image, List<Path> modules, List<Path> vsock) {
  /** Where `holdfast doctor --fix` puts kernels that the host itself does not boot. */
  public static final Path FETCHED = Path.of("/usr/local/lib/holdfast/kernels");

  /** Each after those that it needs. */
  private static final List<String> MODULES =
      List.of(
          "drivers/virtio/virtio_ring",
          "drivers/virtio/virtio",
          "drivers/virtio/virtio_mmio",
          "drivers/char/virtio_console",
          "fs/netfs/netfs",
          "fs/fscache/fscache",
          "net/9p/9pnet",
          "net/9p/9pnet_virtio",
          "net/9p/9pnet_fd",
          "fs/9p/9p");

  /** Each after those that it needs, too. */
  private static final List<String> VSOCK =
      List.of(
          "net/vmw_vsock/vsock",
          "net/vmw_vsock/vmw_vsock_virtio_transport_common",
          "net/vmw_vsock/vmw_vsock_virtio_transport");

  /** What later kernels have inside another module, or inside themselves. */
  private static final List<String> OPTIONAL = List.of("fs/fscache/fscache");

  public GuestKernel {
    modules = List.copyOf(modules);
    vsock = List.copyOf(vsock);
  }

  /** The newest kernel of this host that will do: fetched ones first, then what it boots itself. */
  public static Optional<GuestKernel> find() {
    return newest(FETCHED).or(() -> newest(Path.of("/")));
  }

  /** The names of module files, below {@code lib/modules/VERSION/kernel}, without their suffix. */
  public static List<String> moduleNames() {
    return Stream.concat(MODULES.stream(), VSOCK.stream()).toList();
  }

  /** Looks for {@code boot/vmlinuz-VERSION} and {@code lib/modules/VERSION} below a directory. */
  static Optional<GuestKernel> newest(Path root) {
    var found = new ArrayList<GuestKernel>();
    Path modules = root.resolve("lib/modules");
    if (!Files.isDirectory(modules)) {
      return Optional.empty();
    }
    try (DirectoryStream<Path> versions = Files.newDirectoryStream(modules)) {
      for (Path directory : versions) {
        at(root, directory).ifPresent(found::add);
      }
    } catch (IOException e) {
      return Optional.empty();
    }
    return found.stream().max((a, b) -> compare(a.version(), b.version()));
  }

  private static Optional<GuestKernel> at(Path root, Path directory) {
    String version = directory.getFileName().toString();
    Path image = root.resolve("boot/vmlinuz-" + version);
    if (!Files.isReadable(image)) {
      return Optional.empty();
    }
    Path drivers = directory.resolve("kernel");
    return all(drivers, MODULES)
        .map(
            modules ->
                new GuestKernel(version, image, modules, all(drivers, VSOCK).orElse(List.of())));
  }

  /** Empty when one is missing that must be there. */
  private static Optional<List<Path>> all(Path drivers, List<String> names) {
    var modules = new ArrayList<Path>();
    for (String name : names) {
      Optional<Path> file = module(drivers, name);
      if (file.isEmpty() && !OPTIONAL.contains(name)) {
        return Optional.empty();
      }
      file.ifPresent(modules::add);
    }
    return Optional.of(modules);
  }

  private static Optional<Path> module(Path kernel, String name) {
    return List.of(".ko", ".ko.xz", ".ko.zst").stream()
        .map(suffix -> kernel.resolve(name + suffix))
        .filter(Files::isReadable)
        .findFirst();
  }

  /** Numbers in versions count as numbers: 6.10 is newer than 6.9. */
  static int compare(String a, String b) {
    String[] left = a.split("[^0-9]+", -1);
    String[] right = b.split("[^0-9]+", -1);
    for (int i = 0; i < Math.min(left.length, right.length); i++) {
      int order = Long.compare(number(left[i]), number(right[i]));
      if (order != 0) {
        return order;
      }
    }
    return Integer.compare(left.length, right.length);
  }

  private static long number(String digits) {
    return digits.isEmpty() || digits.length() > 9 ? 0 : Long.parseLong(digits);
  }
}

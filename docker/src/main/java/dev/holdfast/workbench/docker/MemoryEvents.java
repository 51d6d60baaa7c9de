package dev.holdfast.workbench.docker;

import dev.holdfast.workbench.guest.OomProbe;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

/**
 * Reads the kernel's own count of what it killed in a container. Each daemon and each of its
 * settings has another place for a container's control group; its name always has the container's
 * id in it.
 */
final class MemoryEvents implements OomProbe {
  private static final List<Path> ROOTS =
      List.of(Path.of("/sys/fs/cgroup/memory"), Path.of("/sys/fs/cgroup"));
  private static final List<String> FILES = List.of("memory.oom_control", "memory.events");
  private static final int DEPTH = 4;

  private final String container;
  private final long limitBytes;
  private long seen;

  MemoryEvents(String container, long limitBytes) {
    this.container = container;
    this.limitBytes = limitBytes;
  }

  @Override
  public synchronized OptionalLong reachedSinceLastAsked(boolean guestSays) {
    long kills = file().map(MemoryEvents::kills).orElse(seen);
    boolean more = kills > seen;
    seen = kills;
    return more ? OptionalLong.of(limitBytes) : OptionalLong.empty();
  }

  private Optional<Path> file() {
    return group(container).stream()
        .flatMap(group -> FILES.stream().map(group::resolve))
        .filter(Files::exists)
        .findFirst();
  }

  /**
   * The number of a container's only process, as this process counts; a daemon in another pid
   * namespace counts differently. Empty when there is none that we see, or more than one.
   */
  static OptionalLong onlyProcess(String container) {
    Optional<Path> group = group(container);
    if (group.isEmpty()) {
      return OptionalLong.empty();
    }
    try {
      List<String> pids = Files.readAllLines(group.get().resolve("cgroup.procs"));
      return pids.size() == 1 && !pids.getFirst().equals("0")
          ? OptionalLong.of(Long.parseLong(pids.getFirst()))
          : OptionalLong.empty();
    } catch (IOException ended) {
      return OptionalLong.empty();
    }
  }

  /** The directory of a container's group where memory is counted. */
  static Optional<Path> group(String container) {
    return ROOTS.stream()
        .filter(Files::isDirectory)
        .flatMap(root -> below(root, container).stream())
        .findFirst();
  }

  private static Optional<Path> below(Path root, String container) {
    // Podman's own watcher has a group beside the container's.
    try (Stream<Path> found =
        Files.find(
            root,
            DEPTH,
            (path, attributes) ->
                attributes.isDirectory()
                    && path.getFileName().toString().contains(container)
                    && !path.getFileName().toString().contains("conmon"))) {
      return found.findFirst();
    } catch (IOException | UncheckedIOException gone) {
      return Optional.empty();
    }
  }

  private static long kills(Path file) {
    try (Stream<String> lines = Files.lines(file)) {
      return lines
          .filter(line -> line.startsWith("oom_kill "))
          .mapToLong(line -> Long.parseLong(line.substring("oom_kill ".length()).strip()))
          .findFirst()
          .orElse(0);
    } catch (IOException | UncheckedIOException | NumberFormatException gone) {
      return 0;
    }
  }
}

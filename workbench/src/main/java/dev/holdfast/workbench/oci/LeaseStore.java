package dev.holdfast.workbench.oci;

import dev.holdfast.lease.Lease;
import dev.holdfast.lease.Owner;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Leases on disk, one file each. A lease is whole or not there: it is written beside its place and
 * renamed. It is in the kernel's hands when {@link #write} returns, which is what the death of this
 * process cannot undo; it is not forced to the disk, because everything that it names but
 * directories is gone after a power cut, and directories are found without their lease.
 */
public final class LeaseStore {
  private static final String SUFFIX = ".json";
  private static final JsonMapper JSON = JsonMapper.shared();

  private final Path directory;

  public LeaseStore(Path directory) {
    this.directory = directory;
  }

  /** Writes or replaces a lease. */
  public void write(Lease lease) throws IOException {
    Owner owner = lease.owner();
    Path temporary =
        directory.resolve(".%s.%d.%d".formatted(lease.name(), owner.pid(), owner.startTicks()));
    Files.write(temporary, JSON.writeValueAsBytes(lease));
    Files.move(temporary, path(lease.name()), StandardCopyOption.ATOMIC_MOVE);
  }

  public void remove(String name) throws IOException {
    Files.deleteIfExists(path(name));
  }

  /** Removes what a process left that was killed between writing a lease and naming it. */
  void removeDrafts() throws IOException {
    Owner self = Processes.self();
    try (DirectoryStream<Path> drafts = Files.newDirectoryStream(directory, ".*.*.*")) {
      for (Path draft : drafts) {
        String[] parts = draft.getFileName().toString().split("\\.", -1);
        long pid = Long.parseLong(parts[2]);
        long ticks = Long.parseLong(parts[3]);
        if (!Processes.isAlive(new Owner(pid, ticks, self.bootId(), self.pidNamespace()))) {
          Files.deleteIfExists(draft);
        }
      }
    }
  }

  /** The names of every lease, readable or not. */
  public List<String> names() throws IOException {
    var names = new ArrayList<String>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "*" + SUFFIX)) {
      for (Path file : files) {
        String name = file.getFileName().toString();
        names.add(name.substring(0, name.length() - SUFFIX.length()));
      }
    }
    return names;
  }

  /** A lease; empty when it is gone or (after a power cut) torn. */
  public Optional<Lease> read(String name) throws IOException {
    try {
      return Optional.of(JSON.readValue(Files.readAllBytes(path(name)), Lease.class));
    } catch (java.nio.file.NoSuchFileException | JacksonException torn) {
      return Optional.empty();
    }
  }

  private Path path(String name) {
    return directory.resolve(name + SUFFIX);
  }
}

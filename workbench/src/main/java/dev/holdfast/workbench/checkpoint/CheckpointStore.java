package dev.holdfast.workbench.checkpoint;

import dev.holdfast.workbench.WorkbenchCheckpoint;
import dev.holdfast.workbench.WorkbenchException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** The checkpoints of a state directory, whatever layer they are of. Thread-safe. */
public final class CheckpointStore {
  /** Most that are kept: more than anybody keeps an eye on. */
  public static final int MOST = 128;

  /** Most that all take together: eight workbenches of the usual disk and memory, full. */
  public static final long MOST_BYTES = 48L << 30;

  private final Path place;
  private final Drafts drafts;
  private final int most;
  private final long mostBytes;

  /**
   * Removes first what dead processes were about to save.
   *
   * @param home the state directory
   */
  public CheckpointStore(Path home) {
    this(home, MOST, MOST_BYTES);
  }

  CheckpointStore(Path home, int most, long mostBytes) {
    this.place = home.resolve("checkpoints");
    this.drafts = new Drafts(place);
    this.most = most;
    this.mostBytes = mostBytes;
    try {
      Drafts.makePrivate(place);
      drafts.sweep();
    } catch (IOException e) {
      throw new WorkbenchException(
          "checkpoints in `%s` cannot be kept: %s".formatted(place, e.getMessage()), e);
    }
  }

  /** Every checkpoint that can be read, oldest first: one that is damaged hides no other. */
  public List<WorkbenchCheckpoint> list() {
    var found = new ArrayList<WorkbenchCheckpoint>();
    try (DirectoryStream<Path> all = Files.newDirectoryStream(place, "c-*")) {
      for (Path directory : all) {
        shown(directory).ifPresent(found::add);
      }
    } catch (IOException e) {
      throw new WorkbenchException(
          "checkpoints in `%s` cannot be listed: %s".formatted(place, e.getMessage()), e);
    }
    found.sort(Comparator.comparing(WorkbenchCheckpoint::taken));
    return List.copyOf(found);
  }

  /** Empty when it is damaged, or removed at this moment. */
  private static Optional<WorkbenchCheckpoint> shown(Path directory) {
    try {
      return Optional.of(Saved.read(directory).shown());
    } catch (IOException | UncheckedIOException e) {
      return Optional.empty();
    }
  }

  /** Removes a checkpoint; does nothing when there is none. */
  public void remove(WorkbenchCheckpoint.Id checkpoint) {
    try {
      drafts.discard(place.resolve(checkpoint.value()));
    } catch (IOException e) {
      throw new WorkbenchException(
          "checkpoint `%s` could not be removed: %s".formatted(checkpoint, e.getMessage()), e);
    }
  }

  /** A place for one that is about to be taken. */
  Drafts.Draft begin() throws IOException {
    requireRoom(0);
    return drafts.begin();
  }

  /** From here on it stays. */
  WorkbenchCheckpoint keep(Drafts.Draft draft) throws IOException {
    synchronized (CheckpointStore.class) {
      requireRoom(Saved.read(draft.directory()).bytes());
      return Saved.read(draft.keep()).shown();
    }
  }

  private void requireRoom(long bytes) {
    List<WorkbenchCheckpoint> all = list();
    long taken = all.stream().mapToLong(WorkbenchCheckpoint::bytes).sum();
    if (all.size() >= most || taken + bytes > mostBytes) {
      throw new WorkbenchException(
          "no room for a checkpoint: %d of at most %d are kept, with %d and another %d of at most %d bytes; remove some with `holdfast workbench checkpoints rm`"
              .formatted(all.size(), most, taken, bytes, mostBytes));
    }
  }

  /**
   * A checkpoint, after every byte of it was looked at.
   *
   * @throws WorkbenchException when there is none, or it is not as it was written
   */
  Saved verified(WorkbenchCheckpoint.Id checkpoint) throws IOException {
    Path directory = place.resolve(checkpoint.value());
    if (!Files.isDirectory(directory)) {
      throw new WorkbenchException(
          "checkpoint `%s` does not exist: `%s` has %s"
              .formatted(checkpoint, place, list().stream().map(WorkbenchCheckpoint::id).toList()));
    }
    Saved saved = Saved.read(directory);
    saved.verify();
    return saved;
  }
}

package dev.holdfast.workbench;

import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;

/**
 * What was saved of a workbench. It stays on disk until it is removed, whatever becomes of the
 * workbench and of Holdfast.
 *
 * @param layer where the workbench was; files go on anywhere, memory on the same layer only
 * @param digest {@code sha256:} of all that it holds; what does not agree with it is not restored
 * @param bytes what it takes on disk
 * @param directory where it is; only Holdfast's own user can enter it
 * @param notes what whoever took it wants to know again
 */
public record WorkbenchCheckpoint(
    Id id,
    WorkbenchId workbench,
    Layer layer,
    Content content,
    Instant taken,
    String digest,
    long bytes,
    Path directory,
    Map<String, String> notes) {
  public WorkbenchCheckpoint {
    notes = Map.copyOf(notes);
  }

  /** What of a workbench is saved. */
  public enum Content {
    /** The workspace. Programs do not go on; what is in {@code /tmp} and the home is lost. */
    FILES,
    /** The workspace and the memory: programs go on from where they were. */
    FILES_AND_MEMORY
  }

  /** The name of a checkpoint: {@code c-} and letters or digits. */
  public record Id(String value) {
    public Id {
      if (!value.matches("c-[a-z0-9]{1,32}")) {
        throw new IllegalArgumentException(
            "checkpoint `%s` is not a name: `c-` and 1 to 32 of a-z0-9 are allowed"
                .formatted(value));
      }
    }

    @Override
    public String toString() {
      return value;
    }
  }
}

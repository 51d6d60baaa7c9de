package dev.holdfast.server.workbench;

import dev.holdfast.server.ServerException;
import dev.holdfast.workbench.WorkbenchCheckpoint;
import dev.holdfast.workbench.checkpoint.CheckpointStore;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** A checkpoint, and what the server noted of the workbench that it is of. */
public record SavedSession(WorkbenchCheckpoint checkpoint) {
  private static final String NAME = "name";
  private static final String LAYER = "layer";
  private static final String WORKLOAD = "workload";
  private static final String IMAGE = "image";
  private static final String REPOSITORY = "repository";
  private static final String MEMORY = "memoryBytes";
  private static final String MEMORY_CHECKPOINTS = "memoryCheckpoints";
  private static final String PASSING = "passing";
  private static final String ORIGIN = "origin.";

  /**
   * What has to be known again.
   *
   * @param passing whether it is there for a fork only, and for nobody to see
   */
  static Map<String, String> notes(LiveWorkbench of, Optional<String> name, boolean passing) {
    var notes = new HashMap<String, String>();
    var request = of.request();
    name.ifPresent(it -> notes.put(NAME, it));
    notes.put(LAYER, of.placement().layer().typed());
    request.workload().ifPresent(it -> notes.put(WORKLOAD, it));
    of.placement().image().ifPresent(it -> notes.put(IMAGE, it.toString()));
    request.repository().ifPresent(it -> notes.put(REPOSITORY, it));
    request.memoryBytes().ifPresent(it -> notes.put(MEMORY, it.toString()));
    notes.put(MEMORY_CHECKPOINTS, Boolean.toString(request.memoryCheckpoints()));
    notes.put(PASSING, Boolean.toString(passing));
    of.files().origin().forEach((key, value) -> notes.put(ORIGIN + key, value));
    return notes;
  }

  /** Of which workspaces the checkpoints of a state directory hold files. */
  public static List<Map<String, String>> origins(Path home) {
    return new CheckpointStore(home)
        .list().stream()
            .map(it -> new SavedSession(it).origin())
            .filter(origin -> !origin.isEmpty())
            .toList();
  }

  /** What it is called beside its id. */
  public Optional<String> name() {
    return note(NAME);
  }

  /** What the workspace was made of. */
  public Optional<String> repository() {
    return note(REPOSITORY);
  }

  boolean passing() {
    return note(PASSING).equals(Optional.of("true"));
  }

  private Optional<String> note(String name) {
    return Optional.ofNullable(checkpoint.notes().get(name));
  }

  /** For a workbench as the saved one was, with another name. */
  CreateRequest request(Optional<String> name) {
    if (note(LAYER).isEmpty()) {
      throw new ServerException(
          "checkpoint `%s` is not of a workbench of a server: it is not restored here"
              .formatted(checkpoint.id()));
    }
    return new CreateRequest(
        name,
        note(LAYER),
        note(WORKLOAD),
        note(IMAGE),
        note(REPOSITORY),
        note(MEMORY).map(Long::valueOf),
        note(MEMORY_CHECKPOINTS).equals(Optional.of("true")));
  }

  /** What its workspace was made over; empty when the saved files are all. */
  Map<String, String> origin() {
    return checkpoint.notes().entrySet().stream()
        .filter(note -> note.getKey().startsWith(ORIGIN))
        .collect(
            Collectors.toMap(
                note -> note.getKey().substring(ORIGIN.length()), Map.Entry::getValue));
  }
}

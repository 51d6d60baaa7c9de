package dev.holdfast.server.workbench;

import dev.holdfast.run.Ids;
import dev.holdfast.server.ServerException;
import dev.holdfast.server.wiring.Engines;
import dev.holdfast.workbench.Capability;
import dev.holdfast.workbench.Checkpoints;
import dev.holdfast.workbench.Layer;
import dev.holdfast.workbench.NotOnThisLayer;
import dev.holdfast.workbench.WorkbenchCheckpoint.Content;
import dev.holdfast.workbench.checkpoint.CheckpointStore;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What was saved of workbenches. It stays when the server ends. Thread-safe. */
public final class SessionCheckpoints {
  /** Names start with no {@code c-}, so that they are never taken for ids. */
  private static final String NAME = "(?!c-)[a-z0-9][a-z0-9-]{0,31}";

  private final CheckpointStore store;
  private final Engines engines;
  private final Set<String> naming = new HashSet<>();

  /** Removes first what a server that was killed had saved for forks only. */
  SessionCheckpoints(Path home, Engines engines) {
    this.store = new CheckpointStore(home);
    this.engines = engines;
    store.list().stream()
        .filter(it -> new SavedSession(it).passing())
        .forEach(it -> store.remove(it.id()));
  }

  static Checkpoints of(Engines engines, Layer layer) {
    return engines
        .of(layer)
        .checkpoints()
        .orElseThrow(
            () -> new NotOnThisLayer(layer, Capability.PAUSE, "checkpoints of workbenches"));
  }

  /**
   * Saves a workbench, which stands still meanwhile.
   *
   * @param name what the checkpoint is called beside its id
   * @param memory whether programs go on from it too
   * @throws ServerException when the name is taken
   * @throws dev.holdfast.workbench.WorkbenchException when it cannot be saved, for want of room too
   */
  public SavedSession take(LiveWorkbench workbench, Optional<String> name, boolean memory) {
    name.ifPresent(this::reserve);
    try {
      return take(workbench, name, memory, false);
    } finally {
      name.ifPresent(this::release);
    }
  }

  private synchronized void reserve(String name) {
    Ids.require("checkpoint name", name, NAME);
    if (naming.contains(name) || find(name).isPresent()) {
      throw new ServerException(
          "the name `%s` is taken: another checkpoint has it".formatted(name));
    }
    naming.add(name);
  }

  private synchronized void release(String name) {
    naming.remove(name);
  }

  /** Saves it for a fork; whoever forks removes that again. */
  SavedSession pass(LiveWorkbench workbench, boolean memory) {
    return take(workbench, Optional.empty(), memory, true);
  }

  private SavedSession take(
      LiveWorkbench workbench, Optional<String> name, boolean memory, boolean passing) {
    var layer = workbench.placement().layer();
    return new SavedSession(
        of(engines, layer)
            .take(
                workbench.workbench(),
                memory ? Content.FILES_AND_MEMORY : Content.FILES,
                Optional.of(workbench.files().saved()),
                SavedSession.notes(workbench, name, passing)));
  }

  /** Those that are there to stay, oldest first. */
  public List<SavedSession> all() {
    return store.list().stream().map(SavedSession::new).filter(it -> !it.passing()).toList();
  }

  /** The one with this id or name. */
  public Optional<SavedSession> find(String idOrName) {
    return all().stream()
        .filter(
            it ->
                it.checkpoint().id().value().equals(idOrName)
                    || it.name().equals(Optional.of(idOrName)))
        .findFirst();
  }

  /** Removes one. */
  public void remove(SavedSession saved) {
    store.remove(saved.checkpoint().id());
  }
}

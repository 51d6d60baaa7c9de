package dev.holdfast.workbench.checkpoint;

import dev.holdfast.digest.Sha256;
import dev.holdfast.workbench.Capability;
import dev.holdfast.workbench.Checkpoints;
import dev.holdfast.workbench.Layer;
import dev.holdfast.workbench.NotOnThisLayer;
import dev.holdfast.workbench.Root;
import dev.holdfast.workbench.Workbench;
import dev.holdfast.workbench.WorkbenchCheckpoint;
import dev.holdfast.workbench.WorkbenchCheckpoint.Content;
import dev.holdfast.workbench.WorkbenchException;
import dev.holdfast.workbench.WorkbenchId;
import dev.holdfast.workbench.WorkbenchSpec;
import dev.holdfast.workbench.guest.GuestedWorkbench;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * The checkpoints of a state directory, for the engine of one layer. Files are saved alike on every
 * layer: the host copies the workspace while nothing moves. Memory is the layer's own matter.
 */
public final class SavedWorkbenches implements Checkpoints {
  private final Layer layer;
  private final Map<WorkbenchId, GuestedWorkbench> live;
  private final Function<WorkbenchSpec, Workbench> create;
  private final Optional<Memory> memory;
  private final CheckpointStore store;

  /**
   * Removes first what dead processes were about to save.
   *
   * @param home the state directory
   * @param live the workbenches that can be saved
   * @param create makes one afresh
   * @param memory how memory is saved; empty where it cannot be
   */
  public SavedWorkbenches(
      Layer layer,
      Path home,
      Map<WorkbenchId, GuestedWorkbench> live,
      Function<WorkbenchSpec, Workbench> create,
      Optional<Memory> memory) {
    this.layer = layer;
    this.live = live;
    this.create = create;
    this.memory = memory;
    this.store = new CheckpointStore(home);
  }

  @Override
  public Content most() {
    return memory.isPresent() ? Content.FILES_AND_MEMORY : Content.FILES;
  }

  @Override
  public WorkbenchCheckpoint take(Workbench workbench, Content content) {
    Optional<Path> workspace =
        Optional.ofNullable(live.get(workbench.id())).flatMap(found -> found.spec().workspace());
    return take(workbench, content, workspace, Map.of());
  }

  @Override
  public WorkbenchCheckpoint take(
      Workbench workbench, Content content, Optional<Path> files, Map<String, String> notes) {
    if (content == Content.FILES_AND_MEMORY && memory.isEmpty()) {
      throw new NotOnThisLayer(
          layer, Capability.MEMORY_CHECKPOINTS, "checkpoints of memory, only of files");
    }
    GuestedWorkbench found = live.get(workbench.id());
    if (found == null) {
      throw new WorkbenchException(
          "workbench `%s` is not a live one of layer `%s`".formatted(workbench.id(), layer));
    }
    if (content == Content.FILES && files.isEmpty()) {
      throw new WorkbenchException(
          "workbench `%s` has no workspace on the host: it has no files to save"
              .formatted(workbench.id()));
    }
    try (Drafts.Draft draft = store.begin()) {
      take(found, content, draft.directory(), files, notes).describe();
      return store.keep(draft);
    } catch (IOException e) {
      throw new WorkbenchException(
          "workbench `%s` could not be saved: %s".formatted(workbench.id(), e.getMessage()), e);
    }
  }

  /** Memory that has no files on the host to agree with is saved at one moment by itself. */
  private Saved take(
      GuestedWorkbench workbench,
      Content content,
      Path into,
      Optional<Path> files,
      Map<String, String> notes)
      throws IOException {
    boolean still = files.isPresent() || !memory.orElseThrow().holdsStill();
    return still
        ? workbench.whileStill(() -> save(workbench, content, into, files, notes))
        : workbench.whileSilent(() -> save(workbench, content, into, files, notes));
  }

  private Saved save(
      GuestedWorkbench workbench,
      Content content,
      Path into,
      Optional<Path> files,
      Map<String, String> notes)
      throws IOException {
    WorkbenchSpec spec = workbench.spec();
    var facts = new Saved.Facts(Instant.now(), kind(spec), workbench.lastStream(), notes);
    var saved = new Saved(into, spec.id(), layer, content, facts);
    if (content == Content.FILES_AND_MEMORY) {
      memory.orElseThrow().save(spec, Files.createDirectory(saved.memory()));
    }
    if (files.isPresent()) {
      Tree.save(files.get(), saved.files(), Tree.MOST_BYTES);
    }
    return saved;
  }

  @Override
  public Workbench restore(WorkbenchCheckpoint.Id checkpoint, WorkbenchSpec spec) {
    return fork(checkpoint, List.of(spec)).getFirst();
  }

  @Override
  public List<Workbench> fork(WorkbenchCheckpoint.Id checkpoint, List<WorkbenchSpec> specs) {
    Iterator<WorkbenchSpec> next = specs.iterator();
    return fork(
        checkpoint, Content.FILES_AND_MEMORY, specs.size(), files -> filled(next.next(), files));
  }

  private static WorkbenchSpec filled(WorkbenchSpec spec, SavedFiles files) throws IOException {
    if (spec.workspace().isPresent()) {
      files.into(spec.workspace().get());
    }
    return spec;
  }

  @Override
  public List<Workbench> fork(
      WorkbenchCheckpoint.Id checkpoint, Content most, int count, Place places) {
    try {
      return forks(store.verified(checkpoint), most, count, places);
    } catch (IOException e) {
      throw new WorkbenchException(
          "checkpoint `%s` could not be restored: %s".formatted(checkpoint, e.getMessage()), e);
    }
  }

  private List<Workbench> forks(Saved saved, Content most, int count, Place places)
      throws IOException {
    var forks = new ArrayList<Workbench>();
    boolean all = false;
    try {
      for (int i = 0; i < count; i++) {
        forks.add(goOn(saved, most, places.make(directory -> unpack(saved, directory))));
      }
      all = true;
      return List.copyOf(forks);
    } catch (RuntimeException e) {
      throw Files.exists(saved.directory()) ? e : removedMeanwhile(saved, e);
    } finally {
      if (!all) {
        forks.forEach(Workbench::close);
      }
    }
  }

  private static WorkbenchException removedMeanwhile(Saved saved, RuntimeException cause) {
    return new WorkbenchException(
        "checkpoint `%s` was removed while it was restored"
            .formatted(saved.directory().getFileName()),
        cause);
  }

  /** Where there are none, the workbench that was to be over them is refused. */
  private static void unpack(Saved saved, Path directory) throws IOException {
    if (Files.exists(saved.files())) {
      Tree.restore(saved.files(), directory);
    }
  }

  private static void requireAsSaved(Saved saved, WorkbenchSpec spec) {
    boolean hasFiles = Files.exists(saved.files());
    if (hasFiles != spec.workspace().isPresent()) {
      throw new WorkbenchException(
          "checkpoint `%s` has %s workspace, and the new workbench has %s"
              .formatted(
                  saved.directory().getFileName(),
                  hasFiles ? "a" : "no",
                  hasFiles ? "none" : "one"));
    }
  }

  private Workbench goOn(Saved saved, Content most, WorkbenchSpec spec) {
    requireAsSaved(saved, spec);
    if (most == Content.FILES || saved.content() == Content.FILES) {
      return create.apply(spec);
    }
    requireSame(saved, spec);
    return memory.orElseThrow().restore(spec, saved.memory(), saved.facts().lastStream());
  }

  private void requireSame(Saved saved, WorkbenchSpec spec) {
    if (saved.layer() != layer) {
      throw new WorkbenchException(
          "checkpoint `%s` holds memory of layer `%s`: it does not go on on layer `%s`"
              .formatted(saved.directory().getFileName(), saved.layer(), layer));
    }
    if (!saved.facts().kind().equals(kind(spec))) {
      throw new WorkbenchException(
          "checkpoint `%s` holds memory of a workbench with other caps, mounts or system: only the same ones will do"
              .formatted(saved.directory().getFileName()));
    }
  }

  /** What the memory's programs have seen of their workbench, and would miss. */
  private static String kind(WorkbenchSpec spec) {
    String system =
        switch (spec.root()) {
          case Root.Host _ -> "host";
          case Root.Image image -> "image " + image.tree();
          case Root.Draft draft -> "draft " + draft.changes();
        };
    String text = "%s\n%s\n%s".formatted(spec.caps(), spec.mounts(), system);
    return Sha256.hex(text);
  }

  @Override
  public List<WorkbenchCheckpoint> list() {
    return store.list();
  }

  @Override
  public void remove(WorkbenchCheckpoint.Id checkpoint) {
    store.remove(checkpoint);
  }
}

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
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
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
  private final Path place;
  private final Map<WorkbenchId, GuestedWorkbench> live;
  private final Function<WorkbenchSpec, Workbench> create;
  private final Optional<Memory> memory;
  private final Drafts drafts;

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
    this.place = home.resolve("checkpoints");
    this.live = live;
    this.create = create;
    this.memory = memory;
    this.drafts = new Drafts(place);
    try {
      Drafts.makePrivate(place);
      drafts.sweep();
    } catch (IOException e) {
      throw new WorkbenchException(
          "checkpoints in `%s` cannot be kept: %s".formatted(place, e.getMessage()), e);
    }
  }

  @Override
  public Content most() {
    return memory.isPresent() ? Content.FILES_AND_MEMORY : Content.FILES;
  }

  @Override
  public WorkbenchCheckpoint take(Workbench workbench, Content content) {
    if (content == Content.FILES_AND_MEMORY && memory.isEmpty()) {
      throw new NotOnThisLayer(
          layer, Capability.MEMORY_CHECKPOINTS, "checkpoints of memory, only of files");
    }
    GuestedWorkbench found = live.get(workbench.id());
    if (found == null) {
      throw new WorkbenchException(
          "workbench `%s` is not a live one of layer `%s`".formatted(workbench.id(), layer));
    }
    if (content == Content.FILES && found.spec().workspace().isEmpty()) {
      throw new WorkbenchException(
          "workbench `%s` has no workspace on the host: it has no files to save"
              .formatted(workbench.id()));
    }
    try (Drafts.Draft draft = drafts.begin()) {
      take(found, content, draft.directory()).describe();
      return Saved.read(draft.keep()).shown();
    } catch (IOException e) {
      throw new WorkbenchException(
          "workbench `%s` could not be saved: %s".formatted(workbench.id(), e.getMessage()), e);
    }
  }

  /** Memory that has no files on the host to agree with is saved at one moment by itself. */
  private Saved take(GuestedWorkbench workbench, Content content, Path into) throws IOException {
    return workbench.spec().workspace().isPresent()
        ? workbench.whileStill(() -> save(workbench, content, into))
        : workbench.whileSilent(() -> save(workbench, content, into));
  }

  private Saved save(GuestedWorkbench workbench, Content content, Path into) throws IOException {
    WorkbenchSpec spec = workbench.spec();
    var facts = new Saved.Facts(Instant.now(), kind(spec), workbench.lastStream());
    var saved = new Saved(into, spec.id(), layer, content, facts);
    if (content == Content.FILES_AND_MEMORY) {
      memory.orElseThrow().save(spec, Files.createDirectory(saved.memory()));
    }
    if (spec.workspace().isPresent()) {
      Tree.save(spec.workspace().get(), saved.files());
    }
    return saved;
  }

  @Override
  public Workbench restore(WorkbenchCheckpoint.Id checkpoint, WorkbenchSpec spec) {
    try {
      return goOn(verified(checkpoint), spec);
    } catch (IOException e) {
      throw unusable(checkpoint, e);
    }
  }

  @Override
  public List<Workbench> fork(WorkbenchCheckpoint.Id checkpoint, List<WorkbenchSpec> specs) {
    var forks = new ArrayList<Workbench>();
    boolean all = false;
    try {
      Saved saved = verified(checkpoint);
      for (WorkbenchSpec spec : specs) {
        forks.add(goOn(saved, spec));
      }
      all = true;
      return List.copyOf(forks);
    } catch (IOException e) {
      throw unusable(checkpoint, e);
    } finally {
      if (!all) {
        forks.forEach(Workbench::close);
      }
    }
  }

  private static WorkbenchException unusable(WorkbenchCheckpoint.Id checkpoint, IOException e) {
    return new WorkbenchException(
        "checkpoint `%s` could not be restored: %s".formatted(checkpoint, e.getMessage()), e);
  }

  private Saved verified(WorkbenchCheckpoint.Id checkpoint) throws IOException {
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

  private Workbench goOn(Saved saved, WorkbenchSpec spec) throws IOException {
    boolean withMemory = saved.content() == Content.FILES_AND_MEMORY;
    if (withMemory) {
      requireSame(saved, spec);
    }
    boolean hasFiles = Files.exists(saved.files());
    if (hasFiles != spec.workspace().isPresent()) {
      throw new WorkbenchException(
          "checkpoint `%s` has %s workspace, and the new workbench has %s"
              .formatted(
                  saved.directory().getFileName(),
                  hasFiles ? "a" : "no",
                  hasFiles ? "none" : "one"));
    }
    if (hasFiles) {
      Tree.restore(saved.files(), spec.workspace().orElseThrow());
    }
    return withMemory
        ? memory.orElseThrow().restore(spec, saved.memory(), saved.facts().lastStream())
        : create.apply(spec);
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
    var found = new ArrayList<WorkbenchCheckpoint>();
    try (DirectoryStream<Path> all = Files.newDirectoryStream(place, "c-*")) {
      for (Path directory : all) {
        found.add(Saved.read(directory).shown());
      }
    } catch (IOException e) {
      throw new WorkbenchException(
          "checkpoints in `%s` cannot be listed: %s".formatted(place, e.getMessage()), e);
    }
    found.sort(Comparator.comparing(WorkbenchCheckpoint::taken));
    return List.copyOf(found);
  }

  @Override
  public void remove(WorkbenchCheckpoint.Id checkpoint) {
    try {
      Tree.remove(place.resolve(checkpoint.value()));
    } catch (IOException e) {
      throw new WorkbenchException(
          "checkpoint `%s` could not be removed: %s".formatted(checkpoint, e.getMessage()), e);
    }
  }
}

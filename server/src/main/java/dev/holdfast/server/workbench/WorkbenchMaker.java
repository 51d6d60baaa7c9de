package dev.holdfast.server.workbench;

import dev.holdfast.image.store.ImageStore;
import dev.holdfast.image.store.StoredImage;
import dev.holdfast.server.wiring.Engines;
import dev.holdfast.server.wiring.LayerRules;
import dev.holdfast.workbench.Capability;
import dev.holdfast.workbench.Caps;
import dev.holdfast.workbench.Layer;
import dev.holdfast.workbench.NotOnThisLayer;
import dev.holdfast.workbench.Placement;
import dev.holdfast.workbench.Placer;
import dev.holdfast.workbench.Root;
import dev.holdfast.workbench.Workbench;
import dev.holdfast.workbench.WorkbenchCheckpoint.Content;
import dev.holdfast.workbench.WorkbenchId;
import dev.holdfast.workbench.WorkbenchSpec;
import dev.holdfast.workbench.Workload;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;

/** Makes workbenches of what is asked for, afresh or from a checkpoint. Thread-safe. */
final class WorkbenchMaker {
  private final Path home;
  private final Engines engines;
  private final SessionWorkspaces workspaces;
  private final Semaphore room;

  /**
   * @param room how many more background processes the server has room for
   */
  WorkbenchMaker(Path home, Engines engines, SessionWorkspaces workspaces, Semaphore room) {
    this.home = home;
    this.engines = engines;
    this.workspaces = workspaces;
    this.room = room;
  }

  /** What a request comes to on this machine. */
  private record Plan(CreateRequest request, Placement placement, Root root, String directory) {
    WorkbenchSpec spec(WorkbenchId id, SessionFiles files) {
      var caps = request.memoryBytes().map(Caps.DEFAULT::withMemoryBytes).orElse(Caps.DEFAULT);
      var saves = request.memoryCheckpoints() ? Content.FILES_AND_MEMORY : Content.FILES;
      return new WorkbenchSpec(
          id, Optional.of(files.tree()), List.of(), caps, Map.of(), root, saves);
    }
  }

  private Plan plan(CreateRequest request) {
    var image = request.image().map(this::image);
    var placement = placement(request, image);
    var directory =
        image
            .map(it -> it.config().directory())
            .filter(it -> !it.isEmpty() && request.repository().isEmpty())
            .orElse(WorkbenchSpec.WORKSPACE);
    return new Plan(request, placement, engines.root(placement), directory);
  }

  private StoredImage image(String reference) {
    try {
      return ImageStore.in(home)
          .find(reference)
          .orElseThrow(
              () ->
                  new IllegalArgumentException(
                      "image `%s` is not on this machine: `holdfast images pull` gets it"
                          .formatted(reference)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Placement placement(CreateRequest request, Optional<StoredImage> image) {
    var workload = request.workload().map(Workload::named).orElse(Workload.LOCAL);
    var placer = new Placer(LayerRules.in(home), engines);
    var placement = placer.place(workload, request.layer().map(Layer::named));
    return image.map(it -> placement.on(it.digest())).orElse(placement);
  }

  /** Makes one afresh. */
  LiveWorkbench make(CreateRequest request) {
    var plan = plan(request);
    var engine = engines.of(plan.placement().layer());
    if (request.memoryCheckpoints()) {
      requireMemory(plan.placement().layer());
    }
    var id = WorkbenchId.random();
    var files = workspaces.create(request.repository(), id);
    try {
      return live(engine.create(plan.spec(id, files)), plan, files);
    } catch (RuntimeException e) {
      files.removal().run();
      throw e;
    }
  }

  private void requireMemory(Layer layer) {
    if (SessionCheckpoints.of(engines, layer).most() == Content.FILES) {
      throw new NotOnThisLayer(
          layer, Capability.MEMORY_CHECKPOINTS, "checkpoints of memory, only of files");
    }
  }

  /**
   * Makes several that go on from a checkpoint, all or none.
   *
   * @param most of what was saved goes on
   */
  List<LiveWorkbench> goOn(SavedSession saved, Content most, Optional<String> name, int count) {
    var plan = plan(saved.request(name));
    var checkpoints = SessionCheckpoints.of(engines, plan.placement().layer());
    var copies = new ArrayList<SessionFiles>();
    try {
      List<Workbench> made =
          checkpoints.fork(
              saved.checkpoint().id(),
              most,
              count,
              files -> {
                var id = WorkbenchId.random();
                copies.add(workspaces.copy(saved.origin(), id, files::into));
                return plan.spec(id, copies.getLast());
              });
      var live = new ArrayList<LiveWorkbench>();
      for (int i = 0; i < count; i++) {
        live.add(live(made.get(i), plan, copies.get(i)));
      }
      return live;
    } catch (RuntimeException e) {
      copies.forEach(copy -> copy.removal().run());
      throw e;
    }
  }

  private LiveWorkbench live(Workbench workbench, Plan plan, SessionFiles files) {
    return new LiveWorkbench(
        workbench,
        new BackgroundProcesses(workbench, room),
        plan.request(),
        plan.placement(),
        plan.directory(),
        files);
  }
}

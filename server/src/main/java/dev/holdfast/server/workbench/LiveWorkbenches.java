package dev.holdfast.server.workbench;

import dev.holdfast.image.store.ImageStore;
import dev.holdfast.image.store.StoredImage;
import dev.holdfast.server.ServerException;
import dev.holdfast.server.wiring.Engines;
import dev.holdfast.server.wiring.LayerRules;
import dev.holdfast.workbench.Caps;
import dev.holdfast.workbench.Layer;
import dev.holdfast.workbench.Placement;
import dev.holdfast.workbench.Placer;
import dev.holdfast.workbench.Workbench;
import dev.holdfast.workbench.WorkbenchId;
import dev.holdfast.workbench.WorkbenchSpec;
import dev.holdfast.workbench.Workload;
import dev.holdfast.workspace.Workspace;
import dev.holdfast.workspace.overlay.OverlayWorkspaces;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;

/** The workbenches of the server. Thread-safe. */
public final class LiveWorkbenches implements AutoCloseable {
  /** Most at once: what the design promises of one machine is 500, which others may use as well. */
  private static final int MOST = 256;

  /** Whose output is kept, in all workbenches: 64 MiB of it. */
  private static final int MOST_PROCESSES = 256;

  private final Semaphore room = new Semaphore(MOST_PROCESSES);
  private final Path home;
  private final Engines engines;
  private final SessionWorkspaces workspaces;
  private final Consumer<String> log;
  private final Map<WorkbenchId, LiveWorkbench> live = new LinkedHashMap<>();
  private final Set<String> names = new HashSet<>();
  private int making;
  private boolean closed;

  private LiveWorkbenches(
      Path home, Engines engines, SessionWorkspaces workspaces, Consumer<String> log) {
    this.home = home;
    this.engines = engines;
    this.workspaces = workspaces;
    this.log = log;
  }

  /**
   * None yet, after removing the workspaces that a server that was killed has left.
   *
   * @param log hears what was made and removed
   */
  public static LiveWorkbenches open(Path home, Map<String, String> env, Consumer<String> log)
      throws IOException {
    var overlays = new OverlayWorkspaces(home, Engines.OWNER);
    overlays.recover();
    var workspaces = new SessionWorkspaces(overlays, home.resolve("server").resolve("workspaces"));
    workspaces.removeAll();
    return new LiveWorkbenches(home, new Engines(home, env), workspaces, log);
  }

  /**
   * Makes one.
   *
   * @throws IllegalArgumentException when the request names what does not exist
   * @throws ServerException when its name is taken, or there are too many
   * @throws dev.holdfast.workbench.WorkbenchException when its layer refuses
   * @throws dev.holdfast.workspace.WorkspaceException when its repository cannot be used
   */
  public LiveWorkbench create(CreateRequest request) {
    admit(request);
    try {
      var made = make(request);
      enter(made);
      log.accept("made workbench %s on layer %s".formatted(made.id(), made.placement().layer()));
      return made;
    } catch (RuntimeException e) {
      request.name().ifPresent(this::release);
      throw e;
    } finally {
      synchronized (this) {
        making--;
      }
    }
  }

  /** Takes its name and its place, so that what is made is not too many. */
  private synchronized void admit(CreateRequest request) {
    if (closed) {
      throw new ServerException("the server is ending: nothing is made any more");
    }
    if (live.size() + making >= MOST) {
      throw new ServerException(
          "there are %d workbenches already: remove one with `holdfast workbench rm`"
              .formatted(MOST));
    }
    if (request.name().isPresent() && !names.add(request.name().get())) {
      throw new ServerException(
          "the name `%s` is taken: another workbench has it".formatted(request.name().get()));
    }
    making++;
  }

  private synchronized void release(String name) {
    names.remove(name);
  }

  private LiveWorkbench make(CreateRequest request) {
    var image = request.image().map(this::image);
    var placement = placement(request, image);
    var engine = engines.of(placement.layer());
    var root = engines.root(placement);
    var id = WorkbenchId.random();
    var workspace = request.repository().map(repository -> workspaces.create(repository, id));
    try {
      var spec =
          new WorkbenchSpec(
              id, workspace.map(Workspace::tree), List.of(), caps(request), Map.of(), root);
      return live(engine.create(spec), request, placement, image, workspace);
    } catch (RuntimeException e) {
      workspace.ifPresent(workspaces::delete);
      throw e;
    }
  }

  private LiveWorkbench live(
      Workbench workbench,
      CreateRequest request,
      Placement placement,
      Optional<StoredImage> image,
      Optional<Workspace> workspace) {
    var directory =
        image
            .map(it -> it.config().directory())
            .filter(it -> !it.isEmpty() && workspace.isEmpty())
            .orElse(WorkbenchSpec.WORKSPACE);
    return new LiveWorkbench(
        workbench,
        new BackgroundProcesses(workbench, room),
        request,
        placement,
        directory,
        () -> workspace.ifPresent(workspaces::delete));
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

  private static Caps caps(CreateRequest request) {
    return request.memoryBytes().map(Caps.DEFAULT::withMemoryBytes).orElse(Caps.DEFAULT);
  }

  private void enter(LiveWorkbench made) {
    synchronized (this) {
      if (!closed) {
        live.put(made.id(), made);
        return;
      }
    }
    made.end();
    throw new ServerException("the server is ending: nothing is made any more");
  }

  /** Every one, oldest first. */
  public synchronized List<LiveWorkbench> all() {
    return live.values().stream().sorted(Comparator.comparing(LiveWorkbench::created)).toList();
  }

  /** The one with this id or name. */
  public synchronized Optional<LiveWorkbench> find(String idOrName) {
    return live.values().stream()
        .filter(it -> it.id().value().equals(idOrName) || it.name().equals(Optional.of(idOrName)))
        .findFirst();
  }

  /** Ends it and removes everything it held; false when there is none. */
  public boolean remove(String idOrName) {
    Optional<LiveWorkbench> found;
    synchronized (this) {
      found = find(idOrName);
      found.ifPresent(it -> live.remove(it.id()));
    }
    found.ifPresent(this::end);
    return found.isPresent();
  }

  private void end(LiveWorkbench workbench) {
    workbench.end();
    workbench.name().ifPresent(this::release);
    log.accept("removed workbench " + workbench.id());
  }

  /** Ends every one. Nothing is made from now on. */
  @Override
  public void close() {
    List<LiveWorkbench> all;
    synchronized (this) {
      closed = true;
      all = new ArrayList<>(live.values());
      live.clear();
    }
    all.forEach(this::endWhateverHappens);
    engines.close();
  }

  /** One that will not go must not keep the others. */
  private void endWhateverHappens(LiveWorkbench workbench) {
    try {
      end(workbench);
    } catch (RuntimeException e) {
      log.accept(
          "workbench %s could not be removed, the next start tries again: %s"
              .formatted(workbench.id(), e.getMessage()));
    }
  }
}

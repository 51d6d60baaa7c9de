package dev.holdfast.server.workbench;

import dev.holdfast.server.ServerException;
import dev.holdfast.server.wiring.Engines;
import dev.holdfast.workbench.WorkbenchCheckpoint.Content;
import dev.holdfast.workbench.WorkbenchId;
import java.io.IOException;
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
import java.util.function.Supplier;

/** The workbenches of the server. Thread-safe. */
public final class LiveWorkbenches implements AutoCloseable {
  /** Most at once: what the design promises of one machine is 500, which others may use as well. */
  private static final int MOST = 256;

  /** Most made of one checkpoint at once. */
  private static final int MOST_FORKS = 64;

  /** Whose output is kept, in all workbenches: 64 MiB of it. */
  private static final int MOST_PROCESSES = 256;

  private final Engines engines;
  private final WorkbenchMaker maker;
  private final SessionCheckpoints checkpoints;
  private final Consumer<String> log;
  private final Map<WorkbenchId, LiveWorkbench> live = new LinkedHashMap<>();
  private final Set<String> names = new HashSet<>();
  private int underWay;
  private boolean closed;

  private LiveWorkbenches(
      Path home, Engines engines, SessionWorkspaces workspaces, Consumer<String> log) {
    this.engines = engines;
    var room = new Semaphore(MOST_PROCESSES);
    this.maker = new WorkbenchMaker(home, engines, workspaces, room);
    this.checkpoints = new SessionCheckpoints(home, engines);
    this.log = log;
  }

  /**
   * None yet, after removing the workspaces that a server that was killed has left.
   *
   * @param log hears what was made and removed
   */
  public static LiveWorkbenches open(Path home, Map<String, String> env, Consumer<String> log)
      throws IOException {
    var workspaces = new SessionWorkspaces(home);
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
    return add(request.name(), 1, () -> List.of(maker.make(request))).getFirst();
  }

  /** What was saved of workbenches. */
  public SessionCheckpoints checkpoints() {
    return checkpoints;
  }

  /**
   * Makes workbenches that go on from a checkpoint, all or none.
   *
   * @param most of what was saved goes on: with {@code FILES} no program does
   * @param name of the only one; several have none
   * @param count 1 to 64
   * @throws ServerException as in {@link #create}
   * @throws dev.holdfast.workbench.WorkbenchException when it cannot be restored
   */
  public List<LiveWorkbench> restore(
      SavedSession saved, Content most, Optional<String> name, int count) {
    requireCount(count);
    if (name.isPresent() && count > 1) {
      throw new IllegalArgumentException(
          "name `%s` is not allowed: it is for one workbench, and %d are asked for"
              .formatted(name.get(), count));
    }
    return add(name, count, () -> maker.goOn(saved, most, name, count));
  }

  /**
   * Makes workbenches that go on from where another is.
   *
   * @param count 1 to 64
   * @param memory whether its programs go on in them too
   */
  public List<LiveWorkbench> fork(LiveWorkbench workbench, int count, boolean memory) {
    requireCount(count);
    var saved = checkpoints.pass(workbench, memory);
    try {
      return restore(saved, Content.FILES_AND_MEMORY, Optional.empty(), count);
    } finally {
      checkpoints.remove(saved);
    }
  }

  private static void requireCount(int count) {
    if (count < 1 || count > MOST_FORKS) {
      throw new IllegalArgumentException(
          "count `%d` is not allowed: it is 1 to %d".formatted(count, MOST_FORKS));
    }
  }

  private List<LiveWorkbench> add(
      Optional<String> name, int count, Supplier<List<LiveWorkbench>> making) {
    admit(name, count);
    try {
      var made = making.get();
      enter(made);
      made.forEach(
          it ->
              log.accept(
                  "made workbench %s on layer %s".formatted(it.id(), it.placement().layer())));
      return made;
    } catch (RuntimeException e) {
      name.ifPresent(this::release);
      throw e;
    } finally {
      synchronized (this) {
        underWay -= count;
      }
    }
  }

  /** Takes a name and places, so that there are not too many of what is made. */
  private synchronized void admit(Optional<String> name, int count) {
    if (closed) {
      throw new ServerException("the server is ending: nothing is made any more");
    }
    if (live.size() + underWay + count > MOST) {
      throw new ServerException(
          "there are %d workbenches, and at most %d: remove some with `holdfast workbench rm`"
              .formatted(live.size() + underWay, MOST));
    }
    if (name.isPresent() && !names.add(name.get())) {
      throw new ServerException(
          "the name `%s` is taken: another workbench has it".formatted(name.get()));
    }
    underWay += count;
  }

  private synchronized void release(String name) {
    names.remove(name);
  }

  private void enter(List<LiveWorkbench> made) {
    synchronized (this) {
      if (!closed) {
        made.forEach(it -> live.put(it.id(), it));
        return;
      }
    }
    made.forEach(LiveWorkbench::end);
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

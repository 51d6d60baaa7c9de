package dev.holdfast.workbench.pool;

import dev.holdfast.workbench.Checkpoints;
import dev.holdfast.workbench.Layer;
import dev.holdfast.workbench.Standby;
import dev.holdfast.workbench.Workbench;
import dev.holdfast.workbench.WorkbenchEngine;
import dev.holdfast.workbench.WorkbenchException;
import dev.holdfast.workbench.WorkbenchKind;
import dev.holdfast.workbench.WorkbenchSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * An engine that holds workbenches ready: of each kind as many as were lately asked for at once,
 * within limits. One is handed out once and never comes back. What is held ready is looked at every
 * few seconds; it ends when it does not answer, when its kind is no longer asked for, and first of
 * all when the host runs short of memory. Thread-safe.
 */
public final class WorkbenchPool implements WorkbenchEngine {
  private static final Duration ROUND = Duration.ofSeconds(2);

  private final WorkbenchEngine engine;
  private final PoolLimits limits;
  private final boolean refills;
  private final LongSupplier freeBytes;
  private final Map<WorkbenchKind, Shelf> shelves = new HashMap<>();
  private final Thread keeper;
  private int starting;
  private boolean asked;
  private boolean closed;

  /** What is there of one kind. */
  private static final class Shelf {
    final List<Standby> ready = new ArrayList<>();
    final Demand demand;
    int starting;
    int awaited;

    Shelf(Demand demand) {
      this.demand = demand;
    }

    int held() {
      return ready.size() + starting;
    }
  }

  private WorkbenchPool(
      WorkbenchEngine engine, PoolLimits limits, boolean refills, LongSupplier freeBytes) {
    this.engine = engine;
    this.limits = limits;
    this.refills = refills;
    this.freeBytes = freeBytes;
    this.keeper = Thread.ofVirtual().name("pool-" + engine.layer()).start(this::keep);
  }

  /** A pool that owns {@code engine} and refills itself. */
  public static WorkbenchPool over(WorkbenchEngine engine, PoolLimits limits) {
    return new WorkbenchPool(engine, limits, true, HostMemory::availableBytes);
  }

  /** A pool that owns {@code engine} and starts only what it is told to {@link #expect}. */
  public static WorkbenchPool ofExpected(WorkbenchEngine engine) {
    return new WorkbenchPool(engine, PoolLimits.ONE_RUN, false, HostMemory::availableBytes);
  }

  /** As {@link #over}, with another view of the host's memory. */
  static WorkbenchPool over(WorkbenchEngine engine, PoolLimits limits, LongSupplier freeBytes) {
    return new WorkbenchPool(engine, limits, true, freeBytes);
  }

  @Override
  public Layer layer() {
    return engine.layer();
  }

  @Override
  public int owner() {
    return engine.owner();
  }

  /** What goes on from a checkpoint is never held ready. */
  @Override
  public Optional<Checkpoints> checkpoints() {
    return engine.checkpoints();
  }

  /** Hands out a workbench that was held ready, or makes one. Its id may not be the spec's. */
  @Override
  public Workbench create(WorkbenchSpec spec) {
    var kind = WorkbenchKind.of(spec);
    var workspace = spec.workspace();
    if (workspace.isEmpty()) {
      return engine.create(spec);
    }
    note(kind);
    for (var standby = take(kind); standby.isPresent(); standby = take(kind)) {
      try {
        return standby.get().claim(workspace.get());
      } catch (WorkbenchException ended) {
        System.getLogger(WorkbenchPool.class.getName())
            .log(System.Logger.Level.WARNING, "a standby ended unused: {0}", ended.getMessage());
      }
    }
    return engine.create(spec);
  }

  @Override
  public void expect(WorkbenchKind kind) {
    beginStart(kind, 1)
        .ifPresent(shelf -> Thread.ofVirtual().name("pool-start").start(() -> start(kind, shelf)));
  }

  /** How many are ready, of all kinds together. */
  public synchronized int ready() {
    return shelves.values().stream().mapToInt(shelf -> shelf.ready.size()).sum();
  }

  /** Ends all that are ready and forgets what was asked for: what they were made of has changed. */
  public void drain() {
    List<Standby> ended;
    synchronized (this) {
      ended = allReady();
      shelves.clear();
    }
    ended.forEach(Standby::close);
  }

  private synchronized void note(WorkbenchKind kind) {
    shelf(kind).demand.note(System.nanoTime());
    asked = true;
    notifyAll();
  }

  /** One that is ready, the newest; or one that is being started for nobody else. */
  private synchronized Optional<Standby> take(WorkbenchKind kind) {
    var shelf = shelf(kind);
    if (shelf.ready.isEmpty() && shelf.starting > shelf.awaited) {
      awaitReady(shelf);
    }
    return shelf.ready.isEmpty() ? Optional.empty() : Optional.of(shelf.ready.removeLast());
  }

  private void awaitReady(Shelf shelf) {
    shelf.awaited++;
    try {
      while (shelf.ready.isEmpty() && shelf.starting > 0 && !closed) {
        wait();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new WorkbenchException("interrupted while a workbench was starting", e);
    } finally {
      shelf.awaited--;
    }
  }

  private Shelf shelf(WorkbenchKind kind) {
    return shelves.computeIfAbsent(
        kind, _ -> new Shelf(new Demand(limits.memory(), System.nanoTime())));
  }

  private void keep() {
    while (awaitWork()) {
      if (freeBytes.getAsLong() < limits.leastFreeBytes()) {
        remove(allReady());
      } else {
        endTheDead();
        for (var kind : kinds()) {
          endSurplus(kind);
          fill(kind, refills ? wanted(kind) : 0);
        }
      }
    }
  }

  /** Waits for the next round, or for somebody to ask; false when the pool is closed. */
  private synchronized boolean awaitWork() {
    long until = System.nanoTime() + ROUND.toNanos();
    try {
      for (long left = ROUND.toMillis(); !closed && !asked && left > 0; ) {
        wait(left);
        left = TimeUnit.NANOSECONDS.toMillis(until - System.nanoTime());
      }
    } catch (InterruptedException closing) {
      return false;
    }
    asked = false;
    return !closed;
  }

  private synchronized List<WorkbenchKind> kinds() {
    return List.copyOf(shelves.keySet());
  }

  private synchronized int wanted(WorkbenchKind kind) {
    return Math.min(limits.perKind(), shelf(kind).demand.wanted(System.nanoTime()));
  }

  /**
   * Starts what is missing, one after the other: each costs the host as much as it can give. The
   * first that cannot be made ends it for this round.
   */
  private void fill(WorkbenchKind kind, int wanted) {
    boolean made;
    do {
      made = beginStart(kind, wanted).map(shelf -> start(kind, shelf)).orElse(false);
    } while (made);
  }

  /** Starts one for a shelf; whether it stands there now. */
  private boolean start(WorkbenchKind kind, Shelf shelf) {
    var made = Optional.<Standby>empty();
    try {
      made = engine.standBy(kind);
    } catch (WorkbenchException refused) {
      System.getLogger(WorkbenchPool.class.getName())
          .log(System.Logger.Level.WARNING, "no standby could be made: {0}", refused.getMessage());
    } finally {
      if (!endStart(kind, shelf, made)) {
        made.ifPresent(Standby::close);
        made = Optional.empty();
      }
    }
    return made.isPresent();
  }

  private synchronized Optional<Shelf> beginStart(WorkbenchKind kind, int wanted) {
    var shelf = shelf(kind);
    if (closed || shelf.held() >= wanted || heldInAll() >= limits.total()) {
      return Optional.empty();
    }
    shelf.starting++;
    starting++;
    return Optional.of(shelf);
  }

  /** Whether it is kept: not when the pool was closed or drained since it was begun. */
  private synchronized boolean endStart(WorkbenchKind kind, Shelf shelf, Optional<Standby> made) {
    starting--;
    shelf.starting--;
    notifyAll();
    if (closed || shelves.get(kind) != shelf) {
      return false;
    }
    made.ifPresent(shelf.ready::add);
    return true;
  }

  private int heldInAll() {
    return starting + shelves.values().stream().mapToInt(shelf -> shelf.ready.size()).sum();
  }

  private void endTheDead() {
    remove(allReady().stream().filter(standby -> !standby.alive()).toList());
  }

  private void endSurplus(WorkbenchKind kind) {
    List<Standby> surplus = new ArrayList<>();
    synchronized (this) {
      var shelf = shelf(kind);
      int wanted = wanted(kind);
      while (shelf.ready.size() > wanted) {
        surplus.add(shelf.ready.removeFirst());
      }
      if (wanted == 0 && shelf.held() == 0) {
        shelves.remove(kind);
      }
    }
    surplus.forEach(Standby::close);
  }

  /** Ends those that nobody has taken meanwhile. */
  private void remove(List<Standby> some) {
    var mine = new ArrayList<Standby>();
    synchronized (this) {
      for (var standby : some) {
        if (shelves.values().stream().anyMatch(shelf -> shelf.ready.remove(standby))) {
          mine.add(standby);
        }
      }
    }
    mine.forEach(Standby::close);
  }

  private synchronized List<Standby> allReady() {
    return shelves.values().stream().flatMap(shelf -> shelf.ready.stream()).toList();
  }

  @Override
  public void close() {
    List<Standby> rest;
    synchronized (this) {
      closed = true;
      rest = allReady();
      shelves.clear();
      notifyAll();
    }
    rest.forEach(Standby::close);
    try {
      keeper.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    engine.close();
  }
}

package dev.holdfast.workbench.oci;

import dev.holdfast.workbench.AgentIds;
import dev.holdfast.workbench.Checkpoints;
import dev.holdfast.workbench.Layer;
import dev.holdfast.workbench.Standby;
import dev.holdfast.workbench.Workbench;
import dev.holdfast.workbench.WorkbenchEngine;
import dev.holdfast.workbench.WorkbenchException;
import dev.holdfast.workbench.WorkbenchId;
import dev.holdfast.workbench.WorkbenchKind;
import dev.holdfast.workbench.WorkbenchSpec;
import dev.holdfast.workbench.checkpoint.Memory;
import dev.holdfast.workbench.checkpoint.SavedWorkbenches;
import dev.holdfast.workbench.guest.GuestWorkbench;
import dev.holdfast.workbench.guest.GuestedWorkbench;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Workbenches through a program that takes OCI bundles. As hardened containers: no capability, no
 * network, nothing of the host but a read-only {@code /usr}. The OCI runtime only starts the first
 * process and exits; while a workbench lives it costs the host its own processes and nothing else.
 */
public final class OciEngine implements WorkbenchEngine {
  /** The host id that workspaces must belong to. */
  public static final int OWNER = AgentIds.OWNER;

  private static final Duration START_LIMIT = Duration.ofSeconds(30);

  private final Layout layout;
  private final Container container;
  private final Starter runtime;
  private final Layer layer;
  private final Map<WorkbenchId, GuestedWorkbench> live = new ConcurrentHashMap<>();
  private final Checkpoints checkpoints;
  private volatile boolean closed;

  OciEngine(Layout layout, Container container, Starter runtime, Layer layer) {
    this.layout = layout;
    this.container = container;
    this.runtime = runtime;
    this.layer = layer;
    this.checkpoints = new SavedWorkbenches(layer, layout.home(), live, this::create, memory());
  }

  private Optional<Memory> memory() {
    return switch (runtime) {
      case GvisorRuntime gvisor ->
          Optional.of(
              new GvisorMemory(
                  container,
                  gvisor,
                  (same, spec, from, lastStream) ->
                      make(spec, () -> goOn(same, spec, from, lastStream))));
      case OciRuntime _ -> Optional.empty();
    };
  }

  /**
   * The engine of a state directory. Removes first what dead processes have left there, then finds
   * a container runtime that works here.
   *
   * @throws WorkbenchException when this host cannot run containers, with what to do
   */
  public static OciEngine open(Path home) {
    return open(home, Layer.CONTAINER, RuntimeProbe::choose);
  }

  /**
   * The same for containers whose kernel is gVisor's.
   *
   * @throws WorkbenchException when this host cannot run them, with what to do
   */
  public static OciEngine openGvisor(Path home) {
    return open(home, Layer.GVISOR, GvisorProbe::choose);
  }

  /** Finds a way that works. */
  private interface Choice {
    Starter choose(Layout layout, Container container) throws IOException;
  }

  private static OciEngine open(Path home, Layer layer, Choice choice) {
    Privilege.require();
    Layout layout = Layout.in(home);
    Reaper.of(home).reapDead();
    try {
      var container = new Container(layout, Cgroups.ofHost());
      return new OciEngine(layout, container, choice.choose(layout, container), layer);
    } catch (IOException e) {
      throw new WorkbenchException(
          "the state directory `%s` cannot be used: %s".formatted(home, e.getMessage()), e);
    }
  }

  @Override
  public Layer layer() {
    return layer;
  }

  /** What starts the containers, for people to read. */
  public String runtime() {
    return runtime.name();
  }

  @Override
  public int owner() {
    return AgentIds.OWNER;
  }

  @Override
  public Workbench create(WorkbenchSpec spec) {
    return make(spec, () -> start(runtime, spec));
  }

  @Override
  public Optional<Checkpoints> checkpoints() {
    return Optional.of(checkpoints);
  }

  @Override
  public Optional<Standby> standBy(WorkbenchKind kind) {
    var spec = kind.over(layout.empty());
    Starter starter =
        switch (runtime) {
          case OciRuntime oci -> oci;
          case GvisorRuntime gvisor -> gvisor.withWorkspaceAsEntry();
        };
    var workbench = make(spec, () -> start(starter, spec));
    try {
      return waiting(workbench);
    } catch (IOException e) {
      workbench.close();
      throw new WorkbenchException(
          "workbench `%s` could not be made: %s".formatted(spec.id(), e.getMessage()), e);
    }
  }

  private Optional<Standby> waiting(GuestedWorkbench workbench) throws IOException {
    WorkbenchId id = workbench.id();
    return switch (runtime) {
      case OciRuntime _ -> {
        long first = container.awaitFirstProcess(id, START_LIMIT);
        yield Optional.of(new OciStandby(workbench, first, WorkbenchSpec.WORKSPACE));
      }
      case GvisorRuntime _ -> {
        OptionalInt mounter = sandbox(id).expectWorkspace();
        if (mounter.isEmpty()) {
          workbench.close();
          yield Optional.empty();
        }
        long server = sandbox(id).fileServer();
        OciStandby.Arrival arrival = place -> sandbox(id).claim(place, mounter.getAsInt(), server);
        yield Optional.of(new OciStandby(workbench, arrival));
      }
    };
  }

  private GuestedWorkbench make(WorkbenchSpec spec, GuestedWorkbench.Work<GuestedWorkbench> start) {
    if (closed) {
      throw new WorkbenchException("this engine is closed: it makes no more workbenches");
    }
    try {
      container.claim(spec.id());
    } catch (IOException e) {
      throw new WorkbenchException(
          "workbench `%s` cannot be claimed: %s".formatted(spec.id(), e.getMessage()), e);
    }
    boolean made = false;
    try {
      GuestedWorkbench workbench = start.run();
      live.put(spec.id(), workbench);
      made = true;
      return workbench;
    } catch (IOException e) {
      throw new WorkbenchException(
          "workbench `%s` could not be made: %s".formatted(spec.id(), e.getMessage()), e);
    } finally {
      if (!made) {
        container.abandon(spec.id());
      }
    }
  }

  private GuestedWorkbench start(Starter runtime, WorkbenchSpec spec) throws IOException {
    try (Doorway doorway = Doorway.open(layout, spec.id(), "channel")) {
      Launch launch = container.launch(runtime, spec, runtime.guest(), true);
      SocketChannel socket = doorway.admitGuest(launch, START_LIMIT, spec.id());
      if (runtime.connectsBeforeItStarts()) {
        awaitGuest(launch, socket, spec.id());
      } else {
        launch.collect(START_LIMIT);
      }
      return workbench(spec, settings -> GuestWorkbench.over(socket, spec.id(), settings));
    } catch (Doorway.RuntimeFailed failed) {
      throw container.refused(spec.id(), failed.status());
    }
  }

  /** As {@link #start}; the guest is there already, and takes its new channel for the old one. */
  private GuestedWorkbench goOn(
      GvisorRuntime runtime, WorkbenchSpec spec, Path from, int lastStream) throws IOException {
    try (Doorway doorway = Doorway.open(layout, spec.id(), "channel")) {
      Launch launch = container.launch(runtime, spec, runtime.guest(), true, Optional.of(from));
      SocketChannel socket = doorway.admitGuest(launch, START_LIMIT, spec.id());
      awaitGuest(launch, socket, spec.id());
      sandbox(spec.id()).renew();
      return workbench(
          spec, settings -> GuestWorkbench.continued(socket, spec.id(), settings, lastStream));
    } catch (Doorway.RuntimeFailed failed) {
      throw container.refused(spec.id(), failed.status());
    }
  }

  private GuestedWorkbench workbench(WorkbenchSpec spec, GuestedWorkbench.Greeting greeting) {
    return new GuestedWorkbench(
        spec,
        BundleConfig.environment(spec),
        new OomCounter(container.cgroups(), spec.id(), spec.caps().memoryBytes()),
        greeting,
        new Outside(spec.id()),
        live::remove);
  }

  private GvisorSandbox sandbox(WorkbenchId id) {
    return new GvisorSandbox(layout, container, runtime, id);
  }

  private final class Outside implements GuestedWorkbench.Outside {
    private final WorkbenchId id;

    Outside(WorkbenchId id) {
      this.id = id;
    }

    @Override
    public void pause() throws IOException {
      hold(true);
    }

    @Override
    public void resume() throws IOException {
      hold(false);
    }

    private void hold(boolean still) throws IOException {
      switch (runtime) {
        case GvisorRuntime _ -> sandbox(id).hold(still);
        case OciRuntime _ -> container.cgroups().hold(id, still);
      }
    }

    @Override
    public void remove() throws IOException {
      container.end(id);
    }
  }

  /** A connection says nothing yet: only a runtime that succeeded has started the guest. */
  private void awaitGuest(Launch launch, SocketChannel socket, WorkbenchId id) throws IOException {
    try {
      container.awaitLaunched(launch, id, START_LIMIT);
    } catch (WorkbenchException refused) {
      socket.close();
      throw refused;
    }
  }

  @Override
  public void close() {
    closed = true;
    live.values().forEach(GuestedWorkbench::close);
    try {
      container.tidy();
    } catch (IOException stays) {
      System.getLogger(OciEngine.class.getName())
          .log(System.Logger.Level.DEBUG, "an empty directory stays: {0}", stays.getMessage());
    }
  }
}

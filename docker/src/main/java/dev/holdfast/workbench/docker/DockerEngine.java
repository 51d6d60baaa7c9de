package dev.holdfast.workbench.docker;

import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.model.Container;
import dev.holdfast.workbench.AgentIds;
import dev.holdfast.workbench.Boundary;
import dev.holdfast.workbench.Checkpoints;
import dev.holdfast.workbench.ExecSpec;
import dev.holdfast.workbench.Layer;
import dev.holdfast.workbench.Root;
import dev.holdfast.workbench.Standby;
import dev.holdfast.workbench.Workbench;
import dev.holdfast.workbench.WorkbenchEngine;
import dev.holdfast.workbench.WorkbenchException;
import dev.holdfast.workbench.WorkbenchId;
import dev.holdfast.workbench.WorkbenchKind;
import dev.holdfast.workbench.WorkbenchSpec;
import dev.holdfast.workbench.checkpoint.SavedWorkbenches;
import dev.holdfast.workbench.guest.GuestWorkbench;
import dev.holdfast.workbench.guest.GuestedWorkbench;
import dev.holdfast.workbench.guest.Transport;
import dev.holdfast.workbench.oci.Recipe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Workbenches as containers of a Docker daemon or of Podman, confined by the same lists as on the
 * container layer. The guest's channel is the container's stdin and stdout, so nothing but the
 * daemon's socket has to be shared with it.
 */
public final class DockerEngine implements WorkbenchEngine {
  /** Drawn by each kernel when it starts. */
  private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");

  private final Layer layer;
  private final Path home;
  private final Daemon daemon;
  private final boolean mapsUsers;
  private final Optional<PodmanService> service;
  private final Map<WorkbenchId, GuestedWorkbench> live = new ConcurrentHashMap<>();
  private final Map<Root, BaseImage.Packed> images = new ConcurrentHashMap<>();
  private final Checkpoints checkpoints;
  private volatile boolean kernelSeen;
  private volatile boolean closed;

  private DockerEngine(Layer layer, Path home, Daemon daemon, Optional<PodmanService> service) {
    this.layer = layer;
    this.home = home;
    this.daemon = daemon;
    this.mapsUsers = daemon.identity(new Root.Host()).mapped();
    this.service = service;
    this.checkpoints = new SavedWorkbenches(layer, home, live, this::create, Optional.empty());
  }

  /**
   * The engine of a state directory. Removes first what dead processes have left there.
   *
   * @throws WorkbenchException when the daemon does not answer or cannot confine, with what to do
   */
  public static DockerEngine open(Layer layer, Path home, Endpoint endpoint) {
    return open(layer, prepared(home), endpoint, Optional.empty());
  }

  /**
   * The same with the Podman of this machine: through the socket of its service, or, when there is
   * none, through a service of our own that ends with the engine.
   *
   * @throws WorkbenchException as above, and when there is no Podman
   */
  public static DockerEngine openPodman(Path home, Map<String, String> env) {
    Path state = prepared(home);
    Optional<Path> socket = PodmanSocket.find(env);
    String runtime = env.getOrDefault("HOLDFAST_PODMAN_RUNTIME", "");
    if (socket.isPresent()) {
      var endpoint = new Endpoint(socket.get(), runtime);
      return open(Layer.PODMAN, state, endpoint, Optional.empty());
    }
    PodmanSocket.requireProgram(env);
    requireRoot();
    var service = PodmanService.start(state, runtime);
    boolean opened = false;
    try {
      var endpoint = new Endpoint(service.socket(), runtime);
      var engine = open(Layer.PODMAN, state, endpoint, Optional.of(service));
      opened = true;
      return engine;
    } finally {
      if (!opened) {
        service.close();
      }
    }
  }

  /** An ordinary user's service would be refused, and leaves a process of Podman's behind. */
  private static void requireRoot() {
    try {
      if (!Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0)) {
        throw new WorkbenchException("without root no service of Podman's is started");
      }
    } catch (IOException e) {
      throw new WorkbenchException("it is unknown who runs this: " + e.getMessage(), e);
    }
  }

  private static Path prepared(Path home) {
    // A daemon counts ids as the host does, where the agent's would be somebody else's.
    if (AgentIds.ROOTLESS) {
      throw new WorkbenchException("without root it is not used: its daemon is root's");
    }
    Path state = home.toAbsolutePath().normalize();
    try {
      Recipe.etc(state);
      Files.createDirectories(Recipe.empty(state));
      return state;
    } catch (IOException e) {
      throw new WorkbenchException(
          "the state directory `%s` cannot be used: %s".formatted(home, e.getMessage()), e);
    }
  }

  private static DockerEngine open(
      Layer layer, Path state, Endpoint endpoint, Optional<PodmanService> service) {
    Daemon daemon = Daemon.connect(endpoint, state);
    try {
      var engine = new DockerEngine(layer, state, daemon, service);
      engine.reapDead();
      return engine;
    } catch (DockerException | WorkbenchException e) {
      daemon.close();
      throw e instanceof WorkbenchException refused
          ? refused
          : new WorkbenchException("%s refuses: %s".formatted(daemon.name(), e.getMessage()), e);
    }
  }

  @Override
  public Layer layer() {
    return layer;
  }

  /** What makes the containers, for people to read. */
  public String daemon() {
    return daemon.name();
  }

  /** Whether a user namespace stands between the agent and the ids of the host. */
  public boolean mapsUsers() {
    return mapsUsers;
  }

  @Override
  public int owner() {
    return AgentIds.OWNER;
  }

  /** Ends the containers of processes that are dead, and returns whose workbenches they were. */
  public List<String> reapDead() {
    var ended = new ArrayList<String>();
    for (Container container : daemon.containers(home)) {
      if (Labels.owner(container.getLabels()).filter(owner -> !Recipe.isAlive(owner)).isPresent()) {
        daemon.remove(container.getId());
        ended.add(container.getLabels().getOrDefault(Labels.WORKBENCH, container.getId()));
      }
    }
    try {
      daemon.reap();
    } catch (IOException e) {
      throw new WorkbenchException(
          "what workbenches had before cannot be removed: " + e.getMessage(), e);
    }
    return ended;
  }

  @Override
  public Optional<Checkpoints> checkpoints() {
    return Optional.of(checkpoints);
  }

  @Override
  public Workbench create(WorkbenchSpec spec) {
    return make(spec).workbench();
  }

  /** Where containers are processes of this machine's kernel: others cannot be reached later. */
  @Override
  public Optional<Standby> standBy(WorkbenchKind kind) {
    if (!daemon.runsOnThisKernel()) {
      return Optional.empty();
    }
    var spec = kind.over(Recipe.empty(home));
    Made made = make(spec);
    OptionalLong first = MemoryEvents.onlyProcess(made.container());
    if (first.isEmpty()) {
      made.workbench().close();
      return Optional.empty();
    }
    return Optional.of(Recipe.standby(made.workbench(), first.getAsLong()));
  }

  private record Made(GuestedWorkbench workbench, String container) {}

  private Made make(WorkbenchSpec spec) {
    if (closed) {
      throw new WorkbenchException("this engine is closed: it makes no more workbenches");
    }
    try {
      Made made = start(spec);
      boolean kept = false;
      try {
        requireOwnKernel(made.workbench());
        live.put(spec.id(), made.workbench());
        kept = true;
        return made;
      } finally {
        if (!kept) {
          made.workbench().close();
        }
      }
    } catch (IOException | DockerException e) {
      throw new WorkbenchException(
          "workbench `%s` could not be made by %s: %s"
              .formatted(spec.id(), daemon.name(), e.getMessage()),
          e);
    }
  }

  /** A runtime has the name that the daemon's configuration gave it: what it does is looked at. */
  private void requireOwnKernel(GuestedWorkbench workbench) throws IOException {
    if (kernelSeen || !layer.boundary().equals(Optional.of(Boundary.OWN_KERNEL))) {
      return;
    }
    String inside = workbench.exec(ExecSpec.of("cat", BOOT_ID.toString())).stdoutText();
    if (inside.isBlank() || inside.equals(Files.readString(BOOT_ID))) {
      throw new WorkbenchException(
          "%s gives workbenches the host's kernel with this runtime: layer `%s` needs one of its own"
              .formatted(daemon.name(), layer));
    }
    kernelSeen = true;
  }

  private Made start(WorkbenchSpec spec) throws IOException {
    Set<Path> entries = HostFiles.entries(spec.root());
    var labels = Labels.of(spec.id(), home, Recipe.self());
    String image = image(spec.root(), entries).name();
    var identity = daemon.identity(spec.root());
    String container = daemon.create(new Order(spec, identity, image, entries, labels));
    boolean made = false;
    try {
      var channel = AttachTransport.to(daemon.socket(), container);
      try {
        daemon.start(container);
        capTcpMemory(container, spec);
        var workbench = workbench(spec, container, channel);
        made = true;
        return new Made(workbench, container);
      } catch (WorkbenchException silent) {
        throw new IOException(silent.getMessage() + "; it said: " + channel.complaint(), silent);
      } finally {
        if (!made) {
          channel.close();
        }
      }
    } finally {
      if (!made) {
        daemon.end(spec.id(), container);
      }
    }
  }

  private GuestedWorkbench workbench(WorkbenchSpec spec, String container, Transport channel) {
    return new GuestedWorkbench(
        spec,
        Recipe.environment(spec),
        new MemoryEvents(container, spec.caps().memoryBytes()),
        settings -> GuestWorkbench.over(channel, spec.id(), settings),
        new Outside(daemon, spec.id(), container),
        live::remove);
  }

  private record Outside(Daemon daemon, WorkbenchId id, String container)
      implements GuestedWorkbench.Outside {
    private interface Step {
      void run() throws IOException;
    }

    @Override
    public void pause() throws IOException {
      order(() -> daemon.pause(container));
    }

    @Override
    public void resume() throws IOException {
      order(() -> daemon.resume(container));
    }

    @Override
    public void remove() throws IOException {
      order(() -> daemon.end(id, container));
    }

    private static void order(Step step) throws IOException {
      try {
        step.run();
      } catch (RuntimeException e) {
        throw new IOException(e.getMessage(), e);
      }
    }
  }

  /**
   * Where what is in the buffers of TCP connections counts under a limit of its own, no daemon sets
   * it any more. The guest waits for us, so nothing runs before it is set.
   */
  private static void capTcpMemory(String container, WorkbenchSpec spec) throws IOException {
    if (!Recipe.limitsTcpMemory()) {
      return;
    }
    Path group =
        MemoryEvents.group(container)
            .orElseThrow(() -> new IOException("the container has no control group for memory"));
    Files.writeString(group.resolve(Recipe.TCP_MEMORY), Long.toString(spec.caps().memoryBytes()));
  }

  private BaseImage.Packed image(Root root, Set<Path> entries) throws IOException {
    var known = images.get(root);
    if (known == null) {
      Path etc = root instanceof Root.Image image ? image.tree().resolve("etc") : Recipe.etc(home);
      known = BaseImage.pack(Recipe.guest(home), etc, entries, root, daemon.identity(root));
      images.put(root, known);
    }
    daemon.provide(known);
    return known;
  }

  @Override
  public void close() {
    closed = true;
    live.values().forEach(GuestedWorkbench::close);
    daemon.close();
    service.ifPresent(PodmanService::close);
  }
}

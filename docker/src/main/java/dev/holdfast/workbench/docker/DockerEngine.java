package dev.holdfast.workbench.docker;

import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.model.Container;
import dev.holdfast.workbench.AgentIds;
import dev.holdfast.workbench.Checkpoints;
import dev.holdfast.workbench.Layer;
import dev.holdfast.workbench.Root;
import dev.holdfast.workbench.Workbench;
import dev.holdfast.workbench.WorkbenchEngine;
import dev.holdfast.workbench.WorkbenchException;
import dev.holdfast.workbench.WorkbenchId;
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
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * Workbenches as containers of a Docker daemon or of Podman, confined by the same lists as on the
 * container layer. The guest's channel is the container's stdin and stdout, so nothing but the
 * daemon's socket has to be shared with it.
 */
public final class DockerEngine implements WorkbenchEngine {
  private final Layer layer;
  private final Path home;
  private final Daemon daemon;
  private final Identity identity;
  private final Map<WorkbenchId, GuestedWorkbench> live = new ConcurrentHashMap<>();
  private final Map<Root, BaseImage.Packed> images = new ConcurrentHashMap<>();
  private final Checkpoints checkpoints;
  private volatile boolean closed;

  private DockerEngine(Layer layer, Path home, Daemon daemon, Identity identity) {
    this.layer = layer;
    this.home = home;
    this.daemon = daemon;
    this.identity = identity;
    this.checkpoints = new SavedWorkbenches(layer, home, live, this::create, Optional.empty());
  }

  /**
   * The engine of a state directory. Removes first what dead processes have left there.
   *
   * @throws WorkbenchException when the daemon does not answer or cannot confine, with what to do
   */
  public static DockerEngine open(Layer layer, Path home, Endpoint endpoint) {
    Path state = home.toAbsolutePath().normalize();
    try {
      Recipe.etc(state);
    } catch (IOException e) {
      throw new WorkbenchException(
          "the state directory `%s` cannot be used: %s".formatted(home, e.getMessage()), e);
    }
    Daemon daemon = Daemon.connect(endpoint, state);
    try {
      var engine = new DockerEngine(layer, state, daemon, Identity.under(daemon.info()));
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
    return identity.mapped();
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
    return ended;
  }

  @Override
  public Optional<Checkpoints> checkpoints() {
    return Optional.of(checkpoints);
  }

  @Override
  public Workbench create(WorkbenchSpec spec) {
    if (closed) {
      throw new WorkbenchException("this engine is closed: it makes no more workbenches");
    }
    try {
      GuestedWorkbench workbench = start(spec);
      live.put(spec.id(), workbench);
      return workbench;
    } catch (IOException | DockerException e) {
      throw new WorkbenchException(
          "workbench `%s` could not be made by %s: %s"
              .formatted(spec.id(), daemon.name(), e.getMessage()),
          e);
    }
  }

  private GuestedWorkbench start(WorkbenchSpec spec) throws IOException {
    Set<Path> entries = HostFiles.entries(spec.root());
    var labels = Labels.of(spec.id(), home, Recipe.self());
    String container = daemon.create(spec, identity, image(spec.root(), entries), entries, labels);
    boolean made = false;
    try {
      var channel = AttachTransport.to(daemon.socket(), container);
      try {
        daemon.start(container);
        capTcpMemory(container, spec);
        var workbench = workbench(spec, container, channel);
        made = true;
        return workbench;
      } catch (WorkbenchException silent) {
        throw new IOException(silent.getMessage() + "; it said: " + channel.complaint(), silent);
      } finally {
        if (!made) {
          channel.close();
        }
      }
    } finally {
      if (!made) {
        daemon.remove(container);
      }
    }
  }

  private GuestedWorkbench workbench(WorkbenchSpec spec, String container, Transport channel) {
    return new GuestedWorkbench(
        spec,
        Recipe.environment(spec),
        new MemoryEvents(container, spec.caps().memoryBytes()),
        settings -> GuestWorkbench.over(channel, spec.id(), settings),
        new Outside(daemon, container),
        live::remove);
  }

  private record Outside(Daemon daemon, String container) implements GuestedWorkbench.Outside {
    @Override
    public void pause() throws IOException {
      order(daemon::pause);
    }

    @Override
    public void resume() throws IOException {
      order(daemon::resume);
    }

    @Override
    public void remove() throws IOException {
      order(daemon::remove);
    }

    private void order(Consumer<String> what) throws IOException {
      try {
        what.accept(container);
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
      known = BaseImage.pack(Recipe.guest(home), etc, entries, root, identity);
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
  }
}

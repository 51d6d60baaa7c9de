package dev.holdfast.workbench.docker;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.exception.ConflictException;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.model.Container;
import com.github.dockerjava.api.model.Info;
import com.github.dockerjava.api.model.Version;
import com.github.dockerjava.core.DefaultDockerClientConfig;
import com.github.dockerjava.core.DockerClientImpl;
import com.github.dockerjava.zerodep.ZerodepDockerHttpClient;
import dev.holdfast.workbench.Root;
import dev.holdfast.workbench.WorkbenchException;
import dev.holdfast.workbench.WorkbenchId;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;

/** A daemon that makes containers, and what is known about it. */
final class Daemon implements AutoCloseable {
  private static final Duration CONNECT_LIMIT = Duration.ofSeconds(10);
  private static final Duration ANSWER_LIMIT = Duration.ofSeconds(60);
  private static final Duration REMOVAL_LIMIT = Duration.ofSeconds(20);
  private static final long REMOVAL_PAUSE_NANOS = 5_000_000;
  private static final String DEFAULT_RUNTIME = "DefaultRuntime";

  /** Runtimes whose containers share the host's kernel. */
  private static final Set<String> SHARING = Set.of("runc", "crun");

  private static final String PODMAN = "Podman Engine";

  private final DockerClient client;
  private final Endpoint endpoint;
  private final Info info;
  private final String name;
  private final boolean podman;
  private final Maker maker;

  private Daemon(DockerClient client, Endpoint endpoint, Path home) throws IOException {
    this.client = client;
    this.endpoint = endpoint;
    this.info = client.infoCmd().exec();
    Version version = client.versionCmd().exec();
    this.podman =
        version.getComponents() != null
            && version.getComponents().stream().anyMatch(part -> PODMAN.equals(part.getName()));
    this.name = (podman ? "podman " : "docker ") + version.getVersion();
    this.maker =
        podman
            ? new PodmanMaker(new Libpod(endpoint.socket(), version.getVersion()), home)
            : new DockerMaker(client, endpoint.runtime(), endpoint.ownKernel());
  }

  /**
   * Connects.
   *
   * @throws WorkbenchException when there is no daemon, or it cannot confine what it runs
   */
  static Daemon connect(Endpoint endpoint, Path home) {
    if (!Files.exists(endpoint.socket())) {
      throw new WorkbenchException(
          "no daemon listens at `%s`: start it, or say where it is".formatted(endpoint.socket()));
    }
    String address = "unix://" + endpoint.socket();
    var config =
        DefaultDockerClientConfig.createDefaultConfigBuilder()
            .withDockerHost(address)
            .withDockerTlsVerify(false)
            .build();
    var transport =
        new ZerodepDockerHttpClient.Builder()
            .dockerHost(URI.create(address))
            .connectionTimeout(CONNECT_LIMIT)
            .responseTimeout(ANSWER_LIMIT)
            .build();
    DockerClient client = DockerClientImpl.getInstance(config, transport);
    try {
      var daemon = new Daemon(client, endpoint, home);
      daemon.refuseWhatCannotConfine();
      return daemon;
    } catch (WorkbenchException refused) {
      close(client);
      throw refused;
    } catch (IOException | RuntimeException e) {
      close(client);
      throw new WorkbenchException(
          "the daemon at `%s` does not answer: %s".formatted(endpoint.socket(), e.getMessage()), e);
    }
  }

  private void refuseWhatCannotConfine() {
    if (!String.valueOf(info.getKernelVersion()).equals(System.getProperty("os.version"))) {
      throw new WorkbenchException(
          "%s runs on another machine, with kernel `%s`: neither workspaces nor /usr of this one are there"
              .formatted(name, info.getKernelVersion()));
    }
    if (!Boolean.TRUE.equals(info.getMemoryLimit())
        || !Boolean.TRUE.equals(info.getCpuCfsQuota())) {
      throw new WorkbenchException("%s cannot limit memory and processors here".formatted(name));
    }
    List<String> options = info.getSecurityOptions();
    if (options == null || options.stream().noneMatch(o -> o.startsWith("name=seccomp"))) {
      throw new WorkbenchException("%s cannot filter system calls here".formatted(name));
    }
    refuseOtherRuntime();
  }

  /** Docker takes a runtime for each container; Podman's is that of its service. */
  private void refuseOtherRuntime() {
    String runtime = endpoint.runtime();
    Set<String> runtimes =
        podman
            ? Set.of(String.valueOf(info.getRawValues().get(DEFAULT_RUNTIME)))
            : info.getRuntimes() == null ? Set.of() : info.getRuntimes().keySet();
    if (!runtime.isEmpty() && !runtimes.contains(runtime)) {
      throw new WorkbenchException(
          "%s has no runtime `%s`: it has %s"
              .formatted(name, runtime, String.join(", ", runtimes.stream().sorted().toList())));
    }
  }

  /** Whether what runs in its containers are processes of this kernel, with no other in between. */
  boolean runsOnThisKernel() {
    return endpoint.runtime().isEmpty()
        && SHARING.contains(String.valueOf(info.getRawValues().get(DEFAULT_RUNTIME)));
  }

  /** What people call it. */
  String name() {
    return name;
  }

  Path socket() {
    return endpoint.socket();
  }

  /** Who the agent is in its containers. */
  Identity identity(Root root) {
    return Identity.under(info, podman, root);
  }

  /** Makes the image known to the daemon, when it is not. */
  void provide(BaseImage.Packed image) {
    try {
      client.inspectImageCmd(image.name()).exec();
    } catch (NotFoundException missing) {
      client.loadImageCmd(new ByteArrayInputStream(image.archive())).exec();
    }
  }

  /**
   * Makes a container that is not started yet, and returns the daemon's id of it.
   *
   * @throws WorkbenchException when the daemon refuses, or would leave out a limit
   */
  String create(Order order) throws IOException {
    Maker.Made made = maker.make(order);
    for (String warning : made.warnings()) {
      refuseWithoutLimit(order.spec().id(), made.container(), warning);
    }
    return made.container();
  }

  /** A daemon warns when it leaves a limit out. That swap is not counted is what it may say. */
  private void refuseWithoutLimit(WorkbenchId id, String container, String warning)
      throws IOException {
    String words = warning.toLowerCase(Locale.ROOT);
    if (words.contains("limit") && !words.contains("swap")) {
      end(id, container);
      throw new WorkbenchException("%s leaves out a limit: %s".formatted(name, warning));
    }
  }

  void start(String container) {
    client.startContainerCmd(container).exec();
  }

  /** Holds every process of a container still. */
  void pause(String container) {
    client.pauseContainerCmd(container).exec();
  }

  /** Lets them go on. */
  void resume(String container) {
    client.unpauseContainerCmd(container).exec();
  }

  /** Every container of a state directory, in whatever state it is. */
  List<Container> containers(Path home) {
    return client
        .listContainersCmd()
        .withShowAll(true)
        .withLabelFilter(Map.of(Labels.HOME, home.toString()))
        .exec();
  }

  /** Removes a container, and then what its workbench had beside it. */
  void end(WorkbenchId id, String container) throws IOException {
    remove(container);
    maker.clear(id);
  }

  /** Removes what workbenches of dead processes had beside their containers, which are gone. */
  void reap() throws IOException {
    maker.reap();
  }

  /**
   * Kills and removes a container and its volumes; returns when it is gone.
   *
   * @throws WorkbenchException when it does not go
   */
  void remove(String container) {
    long deadline = System.nanoTime() + REMOVAL_LIMIT.toNanos();
    while (true) {
      try {
        client.removeContainerCmd(container).withForce(true).withRemoveVolumes(true).exec();
        return;
      } catch (NotFoundException gone) {
        return;
      } catch (DockerException e) {
        if (!isEnding(e) || System.nanoTime() > deadline) {
          throw new WorkbenchException(
              "%s does not remove container `%s`: %s".formatted(name, container, e.getMessage()),
              e);
        }
        LockSupport.parkNanos(REMOVAL_PAUSE_NANOS);
      }
    }
  }

  /**
   * Whether the daemon removes it already, as the guest has ended. Docker says so; Podman finds
   * that its state has changed meanwhile.
   */
  private static boolean isEnding(DockerException e) {
    return e instanceof ConflictException
        || String.valueOf(e.getMessage()).contains("container state improper");
  }

  @Override
  public void close() {
    close(client);
  }

  private static void close(DockerClient client) {
    try {
      client.close();
    } catch (IOException nothingWasLost) {
      // Only connections were open.
    }
  }
}

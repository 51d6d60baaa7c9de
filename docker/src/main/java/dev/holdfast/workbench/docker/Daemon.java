package dev.holdfast.workbench.docker;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.CreateContainerResponse;
import com.github.dockerjava.api.exception.ConflictException;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.model.Container;
import com.github.dockerjava.api.model.Info;
import com.github.dockerjava.api.model.Version;
import com.github.dockerjava.core.DefaultDockerClientConfig;
import com.github.dockerjava.core.DockerClientImpl;
import com.github.dockerjava.zerodep.ZerodepDockerHttpClient;
import dev.holdfast.workbench.WorkbenchException;
import dev.holdfast.workbench.WorkbenchSpec;
import dev.holdfast.workbench.oci.Recipe;
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
  private static final String PODMAN = "Podman Engine";

  private final DockerClient client;
  private final Endpoint endpoint;
  private final Info info;
  private final String name;
  private final String seccomp;

  private Daemon(DockerClient client, Endpoint endpoint, Path home) throws IOException {
    this.client = client;
    this.endpoint = endpoint;
    this.info = client.infoCmd().exec();
    Version version = client.versionCmd().exec();
    boolean podman =
        version.getComponents() != null
            && version.getComponents().stream().anyMatch(part -> PODMAN.equals(part.getName()));
    this.name = (podman ? "podman " : "docker ") + version.getVersion();
    // Podman reads the profile from a file of its machine; Docker takes its text.
    this.seccomp = podman ? seccompFile(home).toString() : Recipe.seccomp();
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

  private static Path seccompFile(Path home) throws IOException {
    Path file = home.resolve("rootfs").resolve("seccomp.json");
    Path draft = Files.createTempFile(file.getParent(), ".seccomp", "");
    Files.writeString(draft, Recipe.seccomp());
    Files.move(draft, file, java.nio.file.StandardCopyOption.ATOMIC_MOVE);
    return file;
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
    Set<String> runtimes = info.getRuntimes() == null ? Set.of() : info.getRuntimes().keySet();
    if (!runtime().isEmpty() && !runtimes.contains(runtime())) {
      throw new WorkbenchException(
          "%s has no runtime `%s`: it has %s"
              .formatted(name, runtime(), String.join(", ", runtimes.stream().sorted().toList())));
    }
  }

  /** What people call it. */
  String name() {
    return name;
  }

  Info info() {
    return info;
  }

  Path socket() {
    return endpoint.socket();
  }

  String runtime() {
    return endpoint.runtime();
  }

  boolean ownKernel() {
    return endpoint.ownKernel();
  }

  /** The list of system calls, as the daemon wants to be told of it. */
  String seccomp() {
    return seccomp;
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
  String create(
      WorkbenchSpec spec,
      Identity identity,
      BaseImage.Packed image,
      Set<Path> entries,
      Map<String, String> labels)
      throws IOException {
    CreateContainerResponse made =
        client
            .createContainerCmd(image.name())
            .withName("holdfast-" + spec.id())
            .withHostName(spec.id().value())
            .withLabels(labels)
            .withUser("%1$d:%1$d".formatted(identity.uid()))
            .withWorkingDir("/")
            .withEntrypoint(Recipe.GUEST, "--fd", "0", "--out", "1")
            .withTty(false)
            .withStdinOpen(true)
            .withStdInOnce(true)
            .withAttachStdin(true)
            .withAttachStdout(true)
            .withAttachStderr(true)
            .withHostConfig(new ContainerPlan(spec, identity, this).hostConfig(entries))
            .exec();
    String[] warnings = made.getWarnings() == null ? new String[0] : made.getWarnings();
    for (String warning : warnings) {
      refuseWithoutLimit(made.getId(), warning);
    }
    return made.getId();
  }

  /** A daemon warns when it leaves a limit out. That swap is not counted is what it may say. */
  private void refuseWithoutLimit(String container, String warning) {
    String words = warning.toLowerCase(Locale.ROOT);
    if (words.contains("limit") && !words.contains("swap")) {
      remove(container);
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
      } catch (ConflictException beingRemoved) {
        // The daemon removes it already, as the guest has ended.
        if (System.nanoTime() > deadline) {
          throw new WorkbenchException(
              "%s does not remove container `%s`".formatted(name, container), beingRemoved);
        }
        LockSupport.parkNanos(REMOVAL_PAUSE_NANOS);
      } catch (DockerException e) {
        throw new WorkbenchException(
            "%s does not remove container `%s`: %s".formatted(name, container, e.getMessage()), e);
      }
    }
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

package dev.holdfast.workbench.oci;

import dev.holdfast.workbench.AgentIds;
import dev.holdfast.workbench.Layer;
import dev.holdfast.workbench.Standby;
import dev.holdfast.workbench.WorkbenchException;
import dev.holdfast.workbench.WorkbenchId;
import dev.holdfast.workbench.WorkbenchSpec;
import dev.holdfast.workbench.guest.GuestedWorkbench;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A container around a program that other layers stand on, such as a virtual machine monitor: as
 * strict as the container layer, ended by the same reaper. The program finds the socket {@code
 * channel} at {@link #CHANNEL}; further sockets and files reach it as the spec's mounts.
 */
public final class Jail {
  /** Where the program finds its channel, inside. */
  public static final String CHANNEL = RootTree.CHANNEL;

  private static final Duration START_LIMIT = Duration.ofSeconds(30);

  private final Layout layout;
  private final Container container;
  private final OciRuntime runtime;

  private Jail(Layout layout, Container container, OciRuntime runtime) {
    this.layout = layout;
    this.container = container;
    this.runtime = runtime;
  }

  /**
   * The jail of a state directory. Removes first what dead processes have left there.
   *
   * @throws WorkbenchException when this host cannot run containers, with what to do
   */
  public static Jail open(Path home) {
    Privilege.require();
    Layout layout = Layout.in(home);
    Reaper.of(home).reapDead();
    try {
      var container = new Container(layout, Cgroups.ofHost());
      return new Jail(layout, container, RuntimeProbe.choose(layout, container));
    } catch (IOException e) {
      throw new WorkbenchException(
          "the state directory `%s` cannot be used: %s".formatted(home, e.getMessage()), e);
    }
  }

  /** Ordinary containers, started as the jail is. */
  public OciEngine containers() {
    return new OciEngine(layout, container, runtime, Layer.CONTAINER);
  }

  /** A private directory for files that are made once and used by many. */
  public Path store() {
    return layout.rootfs();
  }

  /** The {@code /etc} that workbenches see, without host name and machine id. */
  public Path etc() throws IOException {
    return EtcTemplate.in(layout.rootfs());
  }

  /** One of the static programs that this build carries, unpacked. */
  public Path program(String name) throws IOException {
    return Programs.unpack(layout.rootfs(), name);
  }

  /**
   * What a probe chose here, for as long as the host runs and nothing changes that the choice
   * depended on.
   *
   * @param probe its name, a file's
   * @param dependsOn all of that, in one line
   */
  public Optional<String> recall(String probe, String dependsOn) throws IOException {
    return memory(probe, dependsOn).recall();
  }

  /** Notes it. */
  public void remember(String probe, String dependsOn, String choice) throws IOException {
    memory(probe, dependsOn).remember(choice);
  }

  private ProbeMemory memory(String probe, String dependsOn) throws IOException {
    String fingerprint =
        "%s %s %s %s"
            .formatted(
                Processes.bootId(),
                container.launcher().getFileName(),
                container.cgroups().mode(),
                dependsOn);
    return new ProbeMemory(layout.rootfs().resolve("probe-" + probe), fingerprint);
  }

  /** What every program inside a workbench finds in its environment, and {@code more}. */
  public static Map<String, String> environment(WorkbenchSpec spec) {
    return BundleConfig.environment(spec);
  }

  /** Claims all that the workbench may come to hold, and returns its directory on the host. */
  public Path claim(WorkbenchId id) throws IOException {
    container.claim(id);
    return layout.run(id);
  }

  /** A socket in the workbench's directory, for the program to connect to, once. */
  public Door door(WorkbenchId id, String name) throws IOException {
    return new Door(Doorway.open(layout, id, name));
  }

  /** Starts {@code argv} in a claimed workbench; it has a door named {@code channel}. */
  public Start start(WorkbenchSpec spec, List<String> argv) throws IOException {
    return new Start(spec.id(), container.launch(runtime, spec, argv, true));
  }

  /**
   * The same, and the program may run virtual machines with the host's processor.
   *
   * @throws WorkbenchException for an ordinary user, who cannot make the device
   */
  public Start startWithKvm(WorkbenchSpec spec, List<String> argv) throws IOException {
    if (AgentIds.ROOTLESS) {
      throw new WorkbenchException("`/dev/kvm` is for root's workbenches only");
    }
    var start = runtime.withDevice(Device.KVM);
    return new Start(spec.id(), container.launch(start, spec, argv, true));
  }

  /** A program that is being started. */
  public final class Start {
    private final WorkbenchId id;
    private final Launch launch;

    private Start(WorkbenchId id, Launch launch) {
      this.id = id;
      this.launch = launch;
    }

    /**
     * Connects to a socket that the program makes, once it is there. Nothing of the agent's may
     * have run in the jail before: it could have put another's socket there.
     *
     * @throws WorkbenchException when it does not come in time, or cannot be started
     */
    public SocketChannel reach(Path socket) throws IOException {
      try {
        SocketChannel reached =
            Doorway.reach(layout, id, socket, launch, container.cgroups(), START_LIMIT);
        launch.collect(START_LIMIT);
        return reached;
      } catch (Doorway.RuntimeFailed failed) {
        throw container.refused(id, failed.status());
      }
    }

    /**
     * Waits for the program to come through a door.
     *
     * @throws WorkbenchException when it does not come in time, or cannot be started
     */
    public SocketChannel admit(Door door) throws IOException {
      try {
        SocketChannel socket = door.doorway.admitGuest(launch, START_LIMIT, id);
        launch.collect(START_LIMIT);
        return socket;
      } catch (Doorway.RuntimeFailed failed) {
        throw container.refused(id, failed.status());
      }
    }
  }

  /** A socket that is accepted on once. */
  public static final class Door implements AutoCloseable {
    private final Doorway doorway;

    private Door(Doorway doorway) {
      this.doorway = doorway;
    }

    /** Its name on the host. */
    public Path path() {
      return doorway.path();
    }

    @Override
    public void close() throws IOException {
      doorway.close();
    }
  }

  /** The host's number of the program that was started. */
  public long program(WorkbenchId id) throws IOException {
    return container.awaitFirstProcess(id, START_LIMIT);
  }

  /**
   * A workbench that waits for its workspace, which will be mounted over an empty directory.
   *
   * @param target that directory, as the program sees it
   */
  public Standby standby(GuestedWorkbench workbench, String target) throws IOException {
    long program = container.awaitFirstProcess(workbench.id(), START_LIMIT);
    return new OciStandby(workbench, program, target);
  }

  /** An empty directory that looks like the agent's own, and that nobody writes to. */
  public Path waiting() throws IOException {
    Path directory = Files.createDirectories(layout.rootfs().resolve("waiting"));
    Files.setAttribute(directory, "unix:uid", AgentIds.OWNER);
    Files.setAttribute(directory, "unix:gid", AgentIds.OWNER);
    return directory;
  }

  /** Ends what did not become a workbench. When that fails the lease stays, for the reaper. */
  public void abandon(WorkbenchId id) {
    container.abandon(id);
  }

  /** Holds every process of a workbench still, the program that stands around it included. */
  public void pause(WorkbenchId id) throws IOException {
    container.cgroups().hold(id, true);
  }

  /** Lets them go on. */
  public void resume(WorkbenchId id) throws IOException {
    container.cgroups().hold(id, false);
  }

  /** Ends whatever there is of a workbench and gives its lease back. Idempotent. */
  public void end(WorkbenchId id) throws IOException {
    container.end(id);
  }
}

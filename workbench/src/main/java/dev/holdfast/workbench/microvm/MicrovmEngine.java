package dev.holdfast.workbench.microvm;

import dev.holdfast.workbench.Caps;
import dev.holdfast.workbench.Checkpoints;
import dev.holdfast.workbench.ExecSpec;
import dev.holdfast.workbench.FileEvents;
import dev.holdfast.workbench.Layer;
import dev.holdfast.workbench.Mount;
import dev.holdfast.workbench.Root;
import dev.holdfast.workbench.Standby;
import dev.holdfast.workbench.Workbench;
import dev.holdfast.workbench.WorkbenchCheckpoint.Content;
import dev.holdfast.workbench.WorkbenchEngine;
import dev.holdfast.workbench.WorkbenchException;
import dev.holdfast.workbench.WorkbenchId;
import dev.holdfast.workbench.WorkbenchKind;
import dev.holdfast.workbench.WorkbenchSpec;
import dev.holdfast.workbench.checkpoint.Memory;
import dev.holdfast.workbench.checkpoint.SavedWorkbenches;
import dev.holdfast.workbench.guest.GuestWorkbench;
import dev.holdfast.workbench.guest.GuestedWorkbench;
import dev.holdfast.workbench.guest.OomProbe;
import dev.holdfast.workbench.oci.Jail;
import dev.holdfast.workbench.oci.OciEngine;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Workbenches as virtual machines. Each continues from a snapshot of a machine that has booted and
 * waits to be told what it is; its monitor runs in a container as strict as the container layer's.
 */
public final class MicrovmEngine implements WorkbenchEngine {
  /** The emulator, from the distribution's package. */
  public static final Path QEMU = Qemu.PROGRAM;

  /** A cold start takes seconds, under emulation on a busy host a minute. */
  private static final Duration BOOT_LIMIT = Duration.ofMinutes(4);

  private static final Duration IDENTIFY_LIMIT = Duration.ofSeconds(60);

  private final Jail jail;
  private final Vmm vmm;
  private final OciEngine containers;
  private final Templates templates;
  private final Map<WorkbenchId, GuestedWorkbench> live = new ConcurrentHashMap<>();
  private final Map<WorkbenchId, MicrovmMemory.Source> machines = new ConcurrentHashMap<>();
  private final Checkpoints checkpoints;
  private volatile boolean closed;

  /**
   * With a given monitor.
   *
   * @param limit on a machine's cold start
   */
  MicrovmEngine(Path home, Jail jail, GuestKernel kernel, Vmm vmm, Duration limit)
      throws IOException {
    this.jail = jail;
    this.vmm = vmm;
    this.containers = jail.containers();
    this.templates = new Templates(jail, kernel, vmm, limit);
    this.checkpoints =
        new SavedWorkbenches(
            Layer.MICROVM,
            home,
            live,
            this::create,
            Optional.of(new MicrovmMemory(jail, templates, machines, this::goOn))
                .filter(_ -> vmm.savesMemory())
                .map(Memory.class::cast));
  }

  /** A monitor's driver. */
  interface Driver {
    /**
     * The monitor, for machines with that kernel.
     *
     * @throws WorkbenchException when it does not do here, with what to do
     */
    Vmm in(Jail jail, GuestKernel kernel) throws IOException;
  }

  /**
   * The engine of a state directory, whose machines run in QEMU on an emulated processor. Removes
   * first what dead processes have left there.
   *
   * @throws WorkbenchException when this host lacks something, with what to do
   */
  public static MicrovmEngine open(Path home) {
    return open(home, Qemu::emulating);
  }

  /**
   * The same with the best monitor that works here, or the one that {@code
   * HOLDFAST_MICROVM_MONITOR} asks for: {@code auto}, {@code firecracker} or {@code qemu}.
   *
   * @throws WorkbenchException when what is asked for does not work here, with the reason
   */
  public static MicrovmEngine open(Path home, Map<String, String> env) {
    VmmChoice.Asked asked = VmmChoice.Asked.of(env);
    return open(home, (jail, kernel) -> new VmmChoice(home, jail, kernel).of(asked));
  }

  static MicrovmEngine open(Path home, Driver driver) {
    return in(
        home,
        (jail, kernel) ->
            new MicrovmEngine(home, jail, kernel, driver.in(jail, kernel), BOOT_LIMIT));
  }

  /** What is made of a state directory and a kernel. */
  private interface Use<T> {
    T of(Jail jail, GuestKernel kernel) throws IOException;
  }

  private static <T> T in(Path home, Use<T> use) {
    if (!System.getProperty("os.arch").equals("amd64")) {
      throw new WorkbenchException(
          "processor `%s` is not supported by layer `microvm`: x86_64 is"
              .formatted(System.getProperty("os.arch")));
    }
    GuestKernel kernel =
        GuestKernel.find()
            .orElseThrow(
                () ->
                    new WorkbenchException(
                        "no kernel for microVMs was found; try `holdfast doctor --fix`"));
    try {
      return use.of(Jail.open(home), kernel);
    } catch (IOException e) {
      throw new WorkbenchException(
          "the state directory `%s` cannot be used: %s".formatted(home, e.getMessage()), e);
    }
  }

  /**
   * Tries every monitor anew that would run machines on the host's processor.
   *
   * @return what machines would run in, and what came of the others
   * @throws WorkbenchException when none works, or not the one that was asked for
   */
  public static String examine(Path home, Map<String, String> env) {
    VmmChoice.Asked asked = VmmChoice.Asked.of(env);
    return in(home, (jail, kernel) -> new VmmChoice(home, jail, kernel).examine(asked));
  }

  @Override
  public Layer layer() {
    return Layer.MICROVM;
  }

  @Override
  public int owner() {
    return OciEngine.OWNER;
  }

  /** Makes the snapshot for these caps now, if there is none: a machine's cold start. */
  public void prepare(Caps caps) {
    var _ = prepare(caps, new Root.Host(), Content.FILES);
  }

  private Template prepare(Caps caps, Root root, Content saves) {
    try {
      return template(caps, root, saves);
    } catch (IOException e) {
      throw new WorkbenchException("no snapshot could be made: " + e.getMessage(), e);
    }
  }

  Template template(Caps caps, Root root, Content saves) throws IOException {
    return templates.of(caps, root, saves);
  }

  @Override
  public Optional<Checkpoints> checkpoints() {
    return Optional.of(checkpoints);
  }

  @Override
  public Workbench create(WorkbenchSpec spec) {
    return make(spec, (run, template) -> start(spec, Mount.Access.READ_WRITE, run, template));
  }

  /**
   * A machine that has everything but a workspace. It has run one program of the host's, so that
   * the first one of the agent finds its ways translated and its library read.
   */
  @Override
  public Optional<Standby> standBy(WorkbenchKind kind) {
    try {
      var spec = kind.over(jail.waiting());
      return Optional.of(
          warm(make(spec, (run, template) -> start(spec, Mount.Access.READ_ONLY, run, template))));
    } catch (IOException e) {
      throw new WorkbenchException("no microVM could be held ready: " + e.getMessage(), e);
    }
  }

  private Standby warm(GuestedWorkbench workbench) throws IOException {
    boolean ready = false;
    try {
      // An image may have no such program: then nothing is warm, but all is well.
      var _ = workbench.exec(ExecSpec.of("true").withDirectory("/"));
      Standby standby = jail.standby(workbench, Surroundings.WORKSPACE);
      ready = true;
      return standby;
    } finally {
      if (!ready) {
        workbench.close();
      }
    }
  }

  /** Makes a workbench in a claimed jail's directory, of a machine that goes on from a template. */
  private interface Making {
    GuestedWorkbench in(Path run, Template template) throws IOException;
  }

  private GuestedWorkbench make(WorkbenchSpec spec, Making making) {
    if (closed) {
      throw new WorkbenchException("this engine is closed: it makes no more workbenches");
    }
    if (spec.root() instanceof Root.Draft) {
      throw new WorkbenchException("images are made on the layer `container` only");
    }
    Template template = prepare(spec.caps(), spec.root(), spec.saves());
    boolean made = false;
    try {
      GuestedWorkbench workbench = making.in(jail.claim(spec.id()), template);
      live.put(spec.id(), workbench);
      made = true;
      return workbench;
    } catch (IOException e) {
      throw new WorkbenchException(
          "workbench `%s` could not be made: %s".formatted(spec.id(), e.getMessage()), e);
    } finally {
      if (!made) {
        machines.remove(spec.id());
        jail.abandon(spec.id());
      }
    }
  }

  /** Gives up the machine when it does not become a workbench. */
  private GuestedWorkbench start(
      WorkbenchSpec spec, Mount.Access workspace, Path run, Template template) throws IOException {
    Vmm.Running machine = vmm.resume(spec, workspace, run, template);
    boolean made = false;
    try {
      byte[] identity = Settings.identity(spec, Instant.now());
      MachinePort.identify(machine.channel(), identity, IDENTIFY_LIMIT);
      var workbench =
          workbench(
              spec,
              machine,
              template,
              settings -> GuestWorkbench.over(machine.channel(), spec.id(), settings));
      made = true;
      return workbench;
    } finally {
      if (!made) {
        machine.close();
      }
    }
  }

  /** As {@link #start}; the guest is there already, and hears who its host is now. */
  private Workbench goOn(WorkbenchSpec spec, Path memory, int lastStream) {
    return make(
        spec,
        (run, template) -> {
          Vmm.Running machine = vmm.resume(spec, run, template, memory);
          boolean made = false;
          try {
            machine.renew(Settings.identity(spec, Instant.now()));
            machine.goOn();
            var workbench =
                workbench(
                    spec,
                    machine,
                    template,
                    settings ->
                        GuestWorkbench.continued(
                            machine.channel(), spec.id(), settings, lastStream));
            made = true;
            return workbench;
          } finally {
            if (!made) {
              machine.close();
            }
          }
        });
  }

  private GuestedWorkbench workbench(
      WorkbenchSpec spec,
      Vmm.Running machine,
      Template template,
      GuestedWorkbench.Greeting greeting)
      throws IOException {
    if (spec.saves() == Content.FILES_AND_MEMORY) {
      machines.put(spec.id(), new MicrovmMemory.Source(machine, template.mark()));
    }
    return new GuestedWorkbench(
        spec,
        Jail.environment(spec),
        OomProbe.asTheGuestSays(spec.caps().memoryBytes()),
        greeting,
        new Outside(spec.id(), machine),
        live::remove);
  }

  private final class Outside implements GuestedWorkbench.Outside {
    private final WorkbenchId id;
    private final Vmm.Running machine;
    private final Lookout lookout = new Lookout(containers);

    Outside(WorkbenchId id, Vmm.Running machine) {
      this.id = id;
      this.machine = machine;
    }

    @Override
    public FileEvents watch(GuestWorkbench guest, WorkbenchSpec spec, String path) {
      return lookout.watch(spec, path);
    }

    @Override
    public void pause() throws IOException {
      jail.pause(id);
    }

    /** A machine that does not go on again ends. */
    @Override
    public void resume() throws IOException {
      jail.resume(id);
      boolean going = false;
      try {
        machine.goOn();
        going = true;
      } finally {
        if (!going) {
          machine.close();
        }
      }
    }

    @Override
    public void remove() throws IOException {
      lookout.close();
      machines.remove(id);
      machine.close();
      jail.end(id);
    }
  }

  @Override
  public void close() {
    closed = true;
    live.values().forEach(GuestedWorkbench::close);
    containers.close();
  }
}

package dev.holdfast.workbench.oci;

import dev.holdfast.lease.Lease;
import dev.holdfast.lease.Lease.Kind;
import dev.holdfast.lease.Lease.Resource;
import dev.holdfast.workbench.Mount;
import dev.holdfast.workbench.WorkbenchException;
import dev.holdfast.workbench.WorkbenchId;
import dev.holdfast.workbench.WorkbenchSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/** Makes and ends the containers of one state directory; knows nothing of guests. */
final class Container {
  /** The most that the runtime's own complaint may take of an error message. */
  private static final int COMPLAINT = 600;

  /** What the runtime may take for one order: as long as writing a full memory cap takes. */
  private static final Duration ORDER_LIMIT = Duration.ofMinutes(2);

  /** How often it is tried to claim a workbench while other engines tidy up. */
  private static final int CLAIMS = 100;

  private final Layout layout;
  private final RootTree root;
  private final Path launcher;
  private final LeaseStore leases;
  private final Cgroups cgroups;
  private final Teardown teardown;
  private final HostLimits limits;

  Container(Layout layout, Cgroups cgroups) throws IOException {
    this.layout = layout;
    this.cgroups = cgroups;
    Programs programs = Programs.in(layout.rootfs());
    this.root = new RootTree(EtcTemplate.in(layout.rootfs()), programs.guest());
    this.launcher = programs.launch();
    this.leases = new LeaseStore(layout.leases());
    this.teardown = new Teardown(layout, cgroups);
    this.limits = new HostLimits(openFilesLimit(), cgroups.limitsTcpMemory());
  }

  Path launcher() {
    return launcher;
  }

  Cgroups cgroups() {
    return cgroups;
  }

  /** Claims everything that the workbench may come to hold, before any of it exists. */
  void claim(WorkbenchId id) throws IOException {
    var resources = new ArrayList<Resource>();
    cgroups.directories(id).forEach(path -> resources.add(resource(Kind.CGROUP, path)));
    resources.add(resource(Kind.SOCKET, layout.run(id).resolve("channel")));
    resources.add(resource(Kind.DIRECTORY, layout.run(id)));
    var lease = new Lease(id.value(), Processes.self(), resources);
    for (int attempt = 1; ; attempt++) {
      try {
        leases.write(lease);
        Files.createDirectory(layout.run(id));
        return;
      } catch (NoSuchFileException removedByAnEngineThatCloses) {
        if (attempt == CLAIMS) {
          throw removedByAnEngineThatCloses;
        }
        layout.make();
      }
    }
  }

  /** Removes what is not needed while there is no workbench. */
  void tidy() throws IOException {
    layout.removeIfEmpty();
  }

  private static Resource resource(Kind kind, Path path) {
    return new Resource(kind, path.toString());
  }

  /**
   * Starts the runtime, which starts {@code argv} and exits.
   *
   * @param withChannel the socket {@code channel} in the workbench's directory shall be seen inside
   */
  Launch launch(Starter runtime, WorkbenchSpec spec, List<String> argv, boolean withChannel)
      throws IOException {
    return launch(runtime, spec, argv, withChannel, Optional.empty());
  }

  /**
   * The same, from what {@link #order} has saved.
   *
   * @param from where it was saved; empty to begin afresh
   */
  Launch launch(
      Starter runtime,
      WorkbenchSpec spec,
      List<String> argv,
      boolean withChannel,
      Optional<Path> from)
      throws IOException {
    Path run = layout.run(spec.id());
    Files.write(configurationFile(spec.id()), runtime.config(spec, argv, limits));
    Files.writeString(
        run.resolve("hosts"),
        "127.0.0.1 localhost %s\n::1 localhost ip6-localhost\n".formatted(spec.id()));
    Files.createFile(run.resolve("lock"));
    return Launch.of(command(runtime, spec, run, withChannel, from));
  }

  /** What the runtime was told of a workbench. */
  byte[] configuration(WorkbenchId id) throws IOException {
    return Files.readAllBytes(configurationFile(id));
  }

  private Path configurationFile(WorkbenchId id) {
    return layout.run(id).resolve("config.json");
  }

  /**
   * Has the runtime do something with a workbench that it has started.
   *
   * @param words what, with its options; the workbench's id is the last of them
   * @param checkpoint a directory that the runtime finds at {@link LaunchPlan#CHECKPOINT}
   * @throws WorkbenchException with the runtime's own words when it refuses
   */
  void order(Starter runtime, WorkbenchId id, List<String> words, Optional<Path> checkpoint)
      throws IOException {
    Path run = layout.run(id);
    var plan = new LaunchPlan().base(run, runtime.binary());
    checkpoint.ifPresent(into -> plan.checkpoint(into, Mount.Access.READ_WRITE));
    List<String> command = launcher(run, plan, runtime, runtime.state(id));
    command.addAll(words);
    Launch launch = Launch.of(command);
    OptionalInt status = launch.await(ORDER_LIMIT);
    if (status.isEmpty()) {
      launch.kill();
      launch.collect(ORDER_LIMIT);
    }
    if (status.orElse(-1) != 0) {
      throw new WorkbenchException(
          "%s refused to %s workbench `%s` (status %d): %s"
              .formatted(runtime.name(), words.getFirst(), id, status.orElse(-1), complaint(id)));
    }
  }

  private List<String> launcher(Path run, LaunchPlan plan, Starter runtime, String state) {
    var command = new ArrayList<String>();
    command.add(launcher.toString());
    command.add(run.resolve("lock").toString());
    command.add(run.resolve("log").toString());
    command.addAll(plan.steps());
    command.addAll(List.of("--", LaunchPlan.RUNTIME, "--root", state));
    command.addAll(runtime.options());
    command.addAll(List.of("--log", LaunchPlan.BUNDLE + "/runtime.log"));
    return command;
  }

  private List<String> command(
      Starter runtime, WorkbenchSpec spec, Path run, boolean withChannel, Optional<Path> from)
      throws IOException {
    var plan = new LaunchPlan();
    if (runtime.groups() == Starter.Groups.THE_LAUNCHER) {
      LaunchedGroups.on(cgroups)
          .orElseThrow()
          .layOut(plan, spec.id(), runtime.onHost(spec.caps()), runtime.device());
    }
    runtime.hides().ifPresent(plan::hide);
    plan.ownNetwork().base(run, runtime.binary());
    from.ifPresent(saved -> plan.checkpoint(saved, Mount.Access.READ_ONLY));
    runtime.layOut(plan, root, spec, run, withChannel);
    List<String> command = launcher(run, plan, runtime, runtime.state(spec.id()));
    command.add(from.isPresent() ? "restore" : "run");
    if (from.isPresent()) {
      command.addAll(List.of("--image-path", LaunchPlan.CHECKPOINT));
    }
    command.add("--detach");
    command.addAll(List.of("--pid-file", LaunchPlan.BUNDLE + "/pid"));
    command.addAll(List.of("--bundle", LaunchPlan.BUNDLE, spec.id().value()));
    return command;
  }

  /**
   * Waits for the runtime to have started the container and exited.
   *
   * @throws WorkbenchException with the runtime's own words when it refused
   */
  void awaitLaunched(Launch launch, WorkbenchId id, Duration limit) throws IOException {
    OptionalInt status = launch.await(limit);
    if (status.isEmpty()) {
      launch.kill();
      launch.collect(limit);
      throw new WorkbenchException(
          "the container runtime did not start `%s` within %s".formatted(id, limit));
    }
    if (status.getAsInt() != 0) {
      throw refused(id, status.getAsInt());
    }
  }

  WorkbenchException refused(WorkbenchId id, int status) {
    return new WorkbenchException(
        "the container runtime refused to start a workbench (status %d): %s"
            .formatted(status, complaint(id)));
  }

  private String complaint(WorkbenchId id) {
    var text = new StringBuilder();
    for (String name : List.of("log", "runtime.log")) {
      try {
        text.append(Files.readString(layout.run(id).resolve(name)));
      } catch (IOException none) {
        // It had nothing to say there.
      }
    }
    String words = text.toString().strip();
    return words.isEmpty()
        ? "it gave no reason"
        : words.substring(0, Math.min(words.length(), COMPLAINT));
  }

  /** The host's number of the container's first process. */
  long initPid(WorkbenchId id) throws IOException {
    return Long.parseLong(Files.readString(layout.run(id).resolve("pid")).strip());
  }

  /** As {@link #initPid}, for a container whose runtime may still be about to write it down. */
  long awaitFirstProcess(WorkbenchId id, Duration limit) throws IOException {
    long deadline = System.nanoTime() + limit.toNanos();
    Path file = layout.run(id).resolve("pid");
    while (!Files.exists(file) || Files.size(file) == 0) {
      if (System.nanoTime() - deadline > 0) {
        throw new IOException("the container runtime did not say which process is the first");
      }
      LockSupport.parkNanos(1_000_000);
    }
    return initPid(id);
  }

  /** Ends what did not become a workbench. When that fails the lease stays, for the reaper. */
  void abandon(WorkbenchId id) {
    try {
      end(id);
    } catch (IOException leftToTheReaper) {
      System.getLogger(Container.class.getName())
          .log(System.Logger.Level.WARNING, "workbench {0} is left to the reaper", id.value());
    }
  }

  /** Ends the workbench and gives its lease back. Idempotent. */
  void end(WorkbenchId id) throws IOException {
    teardown.end(id);
    leases.remove(id.value());
  }

  private static long openFilesLimit() throws IOException {
    try (Stream<String> lines = Files.lines(Path.of("/proc/self/limits"))) {
      return lines
          .filter(line -> line.startsWith("Max open files"))
          .map(line -> line.split(" +", -1)[4])
          .filter(value -> !value.equals("unlimited"))
          .mapToLong(Long::parseLong)
          .findFirst()
          .orElse(Long.MAX_VALUE);
    } catch (NoSuchFileException none) {
      return Long.MAX_VALUE;
    }
  }
}

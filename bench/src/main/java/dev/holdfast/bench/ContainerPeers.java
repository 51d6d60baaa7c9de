package dev.holdfast.bench;

import dev.holdfast.files.HostFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What people start containers with, and run programs in them with, beside Holdfast. */
final class ContainerPeers {
  private static final List<String> RUNTIMES = List.of("runc", "crun");

  /** Where hosts with both versions of control groups mount the second. */
  private static final Path V2_OF_HYBRID = Path.of("/sys/fs/cgroup/unified");

  /** Where control groups are mixed it finds none to its liking; without a network as ours are. */
  private static final List<String> GVISOR_OPTIONS =
      List.of("--network=none", "--ignore-cgroups", "--overlay2=none");

  private final Setting setting;
  private final Path directory;
  private final Shell shell;
  private int bundles;

  /** Adds a peer to a race. */
  private interface Entry {
    void enter() throws IOException, InterruptedException;
  }

  ContainerPeers(Setting setting, Path directory) throws IOException {
    this.setting = setting;
    this.directory = directory;
    this.shell = kept(Shell.open());
  }

  private Shell kept(Shell opened) {
    setting.ends().add("shell", opened::close);
    return opened;
  }

  Shell shell() {
    return shell;
  }

  /** {@code runc run}, {@code crun run}, {@code bwrap}, {@code docker run}. */
  void cold(Race race, int dockerEvery) {
    for (var name : RUNTIMES) {
      enter(race, name + " run", () -> cold(race, name));
    }
    enter(
        race,
        "bwrap",
        () -> {
          var argv = Bubblewrap.argv(installed("bwrap", "bubblewrap"));
          shell.run(argv);
          race.against("bwrap", Contender.timing(() -> shell.run(argv)));
        });
    enter(
        race,
        "docker run",
        () -> {
          var docker = docker();
          race.against("docker run", dockerEvery, Contender.timing(docker::run));
        });
  }

  private void cold(Race race, String name) throws IOException, InterruptedException {
    var bundle = bundle(name, "/usr/bin/true");
    race.against(name + " run", Contender.timing(bundle::run));
  }

  /** {@code runc exec}, {@code crun exec}, {@code docker exec}. */
  void live(Race race, int runtimeEvery, int dockerEvery) {
    for (var name : RUNTIMES) {
      enter(race, name + " exec", () -> live(race, name, runtimeEvery));
    }
    enter(
        race,
        "docker exec",
        () -> {
          var docker = docker();
          docker.startSleeper("live");
          docker.execTrue("live");
          race.against("docker exec", dockerEvery, Contender.timing(() -> docker.execTrue("live")));
        });
  }

  private void live(Race race, String name, int every) throws IOException, InterruptedException {
    var bundle = bundle(name, "/usr/bin/sleep", "3600");
    var id = started(bundle, name);
    bundle.execTrue(id);
    race.against(name + " exec", every, Contender.timing(() -> bundle.execTrue(id)));
  }

  /** A container of the runtime alone that runs this program. */
  void start(String runtime, String... argv) throws IOException, InterruptedException {
    var _ = started(bundle(runtime, argv), runtime);
  }

  private String started(Bundle bundle, String runtime) throws IOException, InterruptedException {
    var id = bundle.start();
    setting.ends().add(runtime + " container", () -> bundle.delete(id));
    return id;
  }

  /** {@code runsc run}, as gVisor is run where nothing else is said. */
  void coldGvisor(Race race) {
    enter(
        race,
        "runsc run",
        () -> {
          var bundle = gvisor("/usr/bin/true");
          bundle.run();
          race.against("runsc run", Contender.timing(bundle::run));
        });
  }

  /** {@code runsc exec}. */
  void liveGvisor(Race race, int every) {
    enter(
        race,
        "runsc exec",
        () -> {
          var bundle = gvisor("/usr/bin/sleep", "3600");
          var id = started(bundle, "runsc");
          bundle.execTrue(id);
          race.against("runsc exec", every, Contender.timing(() -> bundle.execTrue(id)));
        });
  }

  /** {@code runsc checkpoint} of a container that runs this program, and goes on. */
  void checkpointGvisor(Race race, Path images, String... argv) {
    enter(
        race,
        "runsc checkpoint",
        () -> {
          var bundle = gvisor(argv);
          var id = started(bundle, "runsc");
          race.against("runsc checkpoint", () -> checkpoint(bundle, id, images));
        });
  }

  private static long checkpoint(Bundle bundle, String id, Path images)
      throws IOException, InterruptedException {
    var image = Files.createTempDirectory(images, "image");
    try {
      long start = System.nanoTime();
      bundle.checkpoint(id, image);
      return System.nanoTime() - start;
    } finally {
      HostFiles.delete(image);
    }
  }

  /** {@code runsc restore} of the same, until it says that the container runs. */
  void restoreGvisor(Race race, Path images, String... argv) {
    enter(
        race,
        "runsc restore",
        () -> {
          var bundle = gvisor(argv);
          var id = started(bundle, "runsc");
          var image = Files.createTempDirectory(images, "image");
          bundle.checkpoint(id, image);
          race.against("runsc restore", () -> restore(bundle, image));
        });
  }

  private static long restore(Bundle bundle, Path image) throws IOException, InterruptedException {
    long start = System.nanoTime();
    var restored = bundle.restore(image);
    long nanos = System.nanoTime() - start;
    bundle.delete(restored);
    return nanos;
  }

  private Bundle gvisor(String... argv) throws IOException, InterruptedException {
    var runtime = Path.of(installed("runsc", "runsc"));
    return Bundle.make(
        shell, directory.resolve("bundle-" + bundles++), runtime, GVISOR_OPTIONS, argv);
  }

  /** A peer that is not here, or does not work, is named with what to do about it. */
  private static void enter(Race race, String peer, Entry entry) {
    try {
      entry.enter();
    } catch (BenchException | IOException e) {
      race.without(peer, String.valueOf(e.getMessage()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      race.without(peer, "interrupted");
    }
  }

  private Docker docker() throws IOException, InterruptedException {
    setting.progress().println("bench: starting a Docker daemon of its own");
    return Docker.start(shell, directory.resolve("docker"), setting.ends());
  }

  private static String installed(String program, String inPackage) {
    return Programs.find(program)
        .map(Path::toString)
        .orElseThrow(() -> new BenchException("not installed: apt-get install " + inPackage));
  }

  /** A bundle that was run once; crun does not know hosts with both versions of control groups. */
  private Bundle bundle(String name, String... argv) throws IOException, InterruptedException {
    var runtime = Path.of(installed(name, name));
    try {
      return tried(shell, runtime, argv);
    } catch (BenchException e) {
      if (!name.equals("crun") || !Files.isDirectory(V2_OF_HYBRID)) {
        throw new BenchException("does not work on this host: " + e.getMessage());
      }
      return tried(kept(Shell.covering(V2_OF_HYBRID)), runtime, argv);
    }
  }

  private Bundle tried(Shell where, Path runtime, String... argv)
      throws IOException, InterruptedException {
    var at = directory.resolve("bundle-" + bundles++);
    var bundle = Bundle.make(where, at, runtime, argv);
    var id = bundle.start();
    bundle.delete(id);
    return bundle;
  }
}

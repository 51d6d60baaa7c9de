package dev.holdfast.workbench.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.bench.DockerDaemon;
import dev.holdfast.lease.Owner;
import dev.holdfast.testkit.Victim;
import dev.holdfast.workbench.AgentIds;
import dev.holdfast.workbench.Caps;
import dev.holdfast.workbench.ExecSpec;
import dev.holdfast.workbench.Layer;
import dev.holdfast.workbench.WorkbenchException;
import dev.holdfast.workbench.WorkbenchKind;
import dev.holdfast.workbench.WorkbenchSpec;
import dev.holdfast.workbench.oci.Recipe;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(180)
class DockerEngineTest {
  private static final Caps CAPS = Caps.DEFAULT.withMemoryBytes(256L << 20).withPids(64);

  @TempDir static Path directory;
  private static DockerDaemon daemon;

  @BeforeAll
  static void start() throws Exception {
    daemon =
        DockerDaemon.start(
            directory.resolve("daemon"),
            "--add-runtime=runsc=" + sandboxes(),
            "--add-runtime=kata-in-name-only=" + program("runc"));
  }

  @AfterAll
  static void stop() throws Exception {
    daemon.close();
  }

  /** As `docs/layers.md` says that a daemon is told; on the command line it takes no arguments. */
  private static Path sandboxes() throws IOException {
    var script =
        "#!/bin/sh\nexec %s --network=none --overlay2=none \"$@\"\n".formatted(program("runsc"));
    Path file = Files.writeString(directory.resolve("runsc"), script);
    Files.setAttribute(file, "unix:mode", 0755);
    return file;
  }

  private static Path program(String name) {
    return Stream.of("/usr/local/bin", "/usr/bin", "/usr/sbin")
        .map(place -> Path.of(place, name))
        .filter(Files::isExecutable)
        .findFirst()
        .orElseThrow(() -> new AssertionError("`%s` is not installed".formatted(name)));
  }

  private static Endpoint endpoint() {
    return new Endpoint(daemon.socket(), "");
  }

  private static DockerEngine open(Path home) {
    return DockerEngine.open(Layer.DOCKER, home, endpoint());
  }

  @Test
  void afterKillNineNothingIsLeft() throws Exception {
    Path home = directory.resolve("killed");
    for (int round = 0; round < 3; round++) {
      Victim.start(Workbenches.class, home, daemon.socket()).killWithin(1500, "ready");

      try (var engine = open(home);
          var connected = Daemon.connect(endpoint(), home)) {
        assertThat(connected.containers(home)).isEmpty();
        assertThat(engine.reapDead()).isEmpty();
      }
    }
  }

  @Test
  void aContainerThatWasNeverStartedIsRemovedWhenItsMakerIsDeadOnly() throws Exception {
    Path home = directory.resolve("made");
    try (var engine = open(home);
        var connected = Daemon.connect(endpoint(), home)) {
      engine.create(WorkbenchSpec.empty(CAPS)).close();
      Owner self = Recipe.self();
      var dead = new Owner(self.pid(), self.startTicks() + 1, self.bootId(), self.pidNamespace());
      WorkbenchSpec theirs = make(connected, home, dead);
      WorkbenchSpec ours = make(connected, home, self);

      assertThat(engine.reapDead()).containsExactly(theirs.id().value());
      var left = connected.containers(home);
      assertThat(left).hasSize(1);
      assertThat(left.getFirst().getNames()).containsExactly("/holdfast-" + ours.id());
      connected.remove(left.getFirst().getId());
    }
  }

  private static WorkbenchSpec make(Daemon connected, Path home, Owner owner) throws Exception {
    WorkbenchSpec spec = WorkbenchSpec.empty(CAPS);
    var entries = HostFiles.entries(spec.root());
    var identity = new Identity(AgentIds.OWNER, AgentIds.OWNER, false);
    var image =
        BaseImage.pack(Recipe.guest(home), Recipe.etc(home), entries, spec.root(), identity);
    var labels = Labels.of(spec.id(), home, owner);
    connected.create(new Order(spec, identity, image.name(), entries, labels));
    return spec;
  }

  @Test
  void aDaemonThatMapsUsersAsWeDoGivesTheAgentItsUsualId() throws Exception {
    // The daemon's mapped root must be able to pass.
    Files.setAttribute(directory, "unix:mode", 0711);
    try (var mapping =
            DockerDaemon.startMappingUsers(directory.resolve("mapping"), AgentIds.FIRST);
        var engine =
            DockerEngine.open(
                Layer.DOCKER, directory.resolve("mapped"), new Endpoint(mapping.socket(), ""))) {
      UsualId.assertHeldBy(engine, directory.resolve("workspace"), CAPS);
    }
  }

  @Test
  void oneHeldReadyGetsItsWorkspaceWhenItIsClaimed() throws Exception {
    try (var engine = open(directory.resolve("ready"))) {
      HeldReady.assertClaimed(engine, directory.resolve("late"), CAPS);
    }
  }

  @Test
  void nothingIsHeldReadyWhereAnotherKernelIsInBetween() {
    var sandboxed = new Endpoint(daemon.socket(), "runsc");
    try (var engine = DockerEngine.open(Layer.DOCKER, directory.resolve("unheld"), sandboxed)) {
      assertThat(engine.standBy(WorkbenchKind.of(WorkbenchSpec.empty(CAPS)))).isEmpty();
    }
  }

  @Test
  void aRuntimeThatTheDaemonDoesNotHaveIsRefused() {
    var kata = new Endpoint(daemon.socket(), "kata");
    assertThatThrownBy(() -> DockerEngine.open(Layer.KATA, directory.resolve("kata"), kata))
        .isInstanceOf(WorkbenchException.class)
        .hasMessageContaining("has no runtime `kata`: it has ")
        .hasMessageContaining("runc");
  }

  @Test
  void aRuntimeThatLendsTheHostsKernelIsNoMachine() {
    Path home = directory.resolve("kata-in-name");
    var lying = new Endpoint(daemon.socket(), "kata-in-name-only");
    try (var engine = DockerEngine.open(Layer.KATA, home, lying);
        var connected = Daemon.connect(lying, home)) {
      assertThatThrownBy(() -> engine.create(WorkbenchSpec.empty(CAPS)))
          .isInstanceOf(WorkbenchException.class)
          .hasMessageContaining("the host's kernel")
          .hasMessageContaining("`kata`");
      assertThat(connected.containers(home)).isEmpty();
    }
  }

  @Test
  void gVisorIsARuntimeLikeAnother() throws IOException {
    var sandboxed = new Endpoint(daemon.socket(), "runsc");
    try (var engine = DockerEngine.open(Layer.DOCKER, directory.resolve("sandboxed"), sandboxed);
        var workbench = engine.create(WorkbenchSpec.empty(CAPS))) {
      workbench.files().write("a.txt", "kept".getBytes(StandardCharsets.UTF_8), true);
      var result =
          workbench.exec(ExecSpec.of("sh", "-c", "cat a.txt; dmesg | grep -c gVisor; id -u"));
      assertThat(result.stdoutText()).isEqualTo("kept1\n%d\n".formatted(AgentIds.OWNER));
    }
  }
}

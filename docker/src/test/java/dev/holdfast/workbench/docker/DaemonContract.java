package dev.holdfast.workbench.docker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.scorecard.Assault;
import dev.holdfast.scorecard.Attack;
import dev.holdfast.scorecard.Attacks;
import dev.holdfast.scorecard.Bait;
import dev.holdfast.scorecard.Verdict;
import dev.holdfast.testkit.workbench.Difference;
import dev.holdfast.testkit.workbench.WorkbenchContract;
import dev.holdfast.workbench.Caps;
import dev.holdfast.workbench.Layer;
import dev.holdfast.workbench.Workbench;
import dev.holdfast.workbench.WorkbenchEngine;
import dev.holdfast.workbench.WorkbenchId;
import dev.holdfast.workbench.WorkbenchSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds for the workbenches of every daemon: the contract, and each attack. */
abstract class DaemonContract extends WorkbenchContract {
  private static final Caps ATTACKED =
      new Caps(256L << 20, 2, 64, 8L << 20, 256, 16L << 20, 64L << 10, Duration.ofSeconds(20));

  @TempDir static Path parent;
  private static Bait bait;

  /** A daemon that is there for these tests. */
  protected interface TestDaemon extends AutoCloseable {
    Path socket();
  }

  private @Nullable TestDaemon daemon;

  protected abstract TestDaemon start(Path directory) throws Exception;

  protected abstract Layer layer();

  @Override
  protected WorkbenchEngine open(Path home) {
    try {
      daemon = start(home.resolveSibling("daemon"));
    } catch (Exception e) {
      throw new AssertionError("the daemon does not start", e);
    }
    return DockerEngine.open(layer(), home, endpoint());
  }

  @Override
  public Set<Difference> differences() {
    return Set.of(Difference.NO_USER_NAMESPACE);
  }

  /** Before what the contract does at its end, which finds nothing left to do. */
  @AfterAll
  void stopDaemon() throws Exception {
    engine().close();
    requireNonNull(daemon).close();
  }

  private Endpoint endpoint() {
    return new Endpoint(requireNonNull(daemon).socket(), "");
  }

  @BeforeAll
  static void layBait() throws IOException {
    Files.setPosixFilePermissions(parent, PosixFilePermissions.fromString("rwxr-xr-x"));
    Path neighbour = Files.writeString(parent.resolve("file"), "of another run", UTF_8);
    bait = Bait.lay(Files.createDirectory(parent.resolve("bait")), neighbour);
  }

  @AfterAll
  static void takeBaitAway() throws IOException {
    bait.close();
  }

  static List<Attack> attacks() {
    return Attacks.all().stream().filter(it -> it.without(Layer.DOCKER).isEmpty()).toList();
  }

  @ParameterizedTest
  @MethodSource("attacks")
  void theAttackIsHeld(Attack attack) {
    try (Workbench workbench = engine().create(WorkbenchSpec.empty(ATTACKED))) {
      assertThat(new Assault(bait, ATTACKED, layer()).make(attack, workbench))
          .isInstanceOf(Verdict.Held.class);
    }
  }

  @Test
  void anEndedWorkbenchLeavesNoContainerAndNoVolume() {
    try (Workbench workbench = engine().create(WorkbenchSpec.empty(CAPS))) {
      assertThat(names()).contains("/holdfast-" + workbench.id());
      workbench.close();
      assertThat(names()).doesNotContain("/holdfast-" + workbench.id());
    }
  }

  private List<String> names() {
    try (var connected = Daemon.connect(endpoint(), home())) {
      return connected.containers(home()).stream()
          .flatMap(container -> Stream.of(container.getNames()))
          .toList();
    }
  }

  @Override
  public void assertNothingLeft(WorkbenchId id) {
    assertThat(names()).doesNotContain("/holdfast-" + id);
    try {
      assertThat(Files.readString(Path.of("/proc/self/mountinfo"))).doesNotContain(id.value());
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}

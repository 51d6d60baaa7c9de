package dev.holdfast.workbench.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.testkit.workbench.Wrapped;
import dev.holdfast.workbench.Caps;
import dev.holdfast.workbench.ExecSpec;
import dev.holdfast.workbench.Standby;
import dev.holdfast.workbench.Workbench;
import dev.holdfast.workbench.WorkbenchEngine;
import dev.holdfast.workbench.WorkbenchException;
import dev.holdfast.workbench.WorkbenchId;
import dev.holdfast.workbench.WorkbenchKind;
import dev.holdfast.workbench.WorkbenchSpec;
import dev.holdfast.workbench.oci.OciEngine;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With real containers: what is held ready, and what somebody who gets one finds in it. */
class WorkbenchPoolTest {
  private static final Caps CAPS = Caps.DEFAULT.withMemoryBytes(256L << 20);
  private static final PoolLimits LIMITS = new PoolLimits(2, 3, Duration.ofMinutes(1), 1L << 20);

  @TempDir Path home;
  @TempDir Path files;
  private final AtomicLong freeBytes = new AtomicLong(1L << 40);
  private final Semaphore mayStart = new Semaphore(1000);
  private Remembering engine;
  private WorkbenchPool pool;

  /** Lets a test end a standby behind the pool's back. */
  private record Remembering(WorkbenchEngine engine, List<Standby> standbys, Semaphore mayStart)
      implements Wrapped {
    @Override
    public Workbench create(WorkbenchSpec spec) {
      return engine.create(spec);
    }

    @Override
    public Optional<Standby> standBy(WorkbenchKind kind) {
      mayStart.acquireUninterruptibly();
      var standby = engine.standBy(kind);
      standby.ifPresent(standbys::add);
      return standby;
    }
  }

  @BeforeEach
  void open() {
    engine = new Remembering(OciEngine.open(home), new CopyOnWriteArrayList<>(), mayStart);
    pool = WorkbenchPool.over(engine, LIMITS, freeBytes::get);
  }

  @AfterEach
  void close() throws IOException {
    pool.close();
  }

  private WorkbenchSpec over(String name) {
    return WorkbenchSpec.over(workspace(name), CAPS);
  }

  private Path workspace(String name) {
    try {
      var directory = Files.createDirectories(files.resolve(name));
      Files.writeString(directory.resolve("name"), name);
      Files.setAttribute(directory, "unix:uid", OciEngine.OWNER);
      Files.setAttribute(directory, "unix:gid", OciEngine.OWNER);
      return directory;
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static WorkbenchKind kind() {
    return WorkbenchKind.of(WorkbenchSpec.empty(CAPS));
  }

  private void await(BooleanSupplier holds) throws InterruptedException {
    for (int i = 0; i < 600 && !holds.getAsBoolean(); i++) {
      Thread.sleep(50);
    }
    assertThat(holds.getAsBoolean()).isTrue();
  }

  private Workbench claimed(String name) throws InterruptedException {
    pool.expect(kind());
    await(() -> pool.ready() > 0);
    return pool.create(over(name));
  }

  private static String run(Workbench workbench, String script) {
    return workbench.exec(ExecSpec.of("sh", "-c", script)).stdoutText();
  }

  @Test
  void oneThatIsClaimedHasItsWorkspaceForProgramsAndForFiles() throws Exception {
    try (var workbench = claimed("mine")) {
      assertThat(run(workbench, "pwd; cat name; echo new > made")).isEqualTo("/workspace\nmine");
      assertThat(workbench.files().read("made", 0, 100))
          .isEqualTo("new\n".getBytes(StandardCharsets.UTF_8));
      assertThat(Files.readString(files.resolve("mine/made"))).isEqualTo("new\n");
      assertThat(Files.getAttribute(files.resolve("mine/made"), "unix:uid"))
          .isEqualTo(OciEngine.OWNER);
      assertThat(run(workbench, "grep ' /workspace ' /proc/self/mountinfo | tail -n 1"))
          .contains("nosuid")
          .contains("nodev");
    }
  }

  @Test
  void whatIsHeldReadyHasNoWorkspaceAndNothingToWriteTo() throws Exception {
    try (var other = OciEngine.open(home.resolve("other"))) {
      Standby standby = other.standBy(kind()).orElseThrow();
      var workbench = standby.claim(workspace("late"));
      // What was there before is below the workspace, and out of reach for the agent.
      assertThat(run(workbench, "umount /workspace 2>&1; cat name")).endsWith("late");
      assertThatThrownBy(() -> standby.claim(workspace("again")))
          .isInstanceOf(WorkbenchException.class)
          .hasMessageContaining("in use");
    }
  }

  @Test
  void noneIsHandedOutTwiceAndNoneSeesAnothersWorkspace() throws Exception {
    var ids = new HashSet<WorkbenchId>();
    for (int i = 0; i < 4; i++) {
      try (var workbench = claimed("w" + i)) {
        assertThat(ids.add(workbench.id())).isTrue();
        assertThat(run(workbench, "cat name; ls; touch /tmp/mark; ls /tmp"))
            .isEqualTo("w" + i + "name\nmark\n");
      }
    }
  }

  @Test
  void asManyAsAreAskedForAtOnceAreHeldWithinTheLimit() throws Exception {
    var used = new ArrayList<Workbench>();
    for (int i = 0; i < 3; i++) {
      used.add(pool.create(over("u" + i)));
    }
    await(() -> pool.ready() == LIMITS.perKind());
    used.forEach(Workbench::close);
  }

  @Test
  void nothingIsHeldWhenMemoryIsShort() throws Exception {
    pool.expect(kind());
    await(() -> pool.ready() == 1);
    freeBytes.set(0);
    await(() -> pool.ready() == 0);
    try (var workbench = pool.create(over("still"))) {
      assertThat(run(workbench, "cat name")).isEqualTo("still");
    }
  }

  @Test
  void oneThatHasEndedMeanwhileIsNotHandedOut() throws Exception {
    pool.expect(kind());
    await(() -> pool.ready() == 1);
    engine.standbys.getFirst().close();
    try (var workbench = pool.create(over("next"))) {
      assertThat(run(workbench, "cat name")).isEqualTo("next");
    }
  }

  @Test
  void drainingEndsWhatIsHeld() throws Exception {
    pool.expect(kind());
    await(() -> pool.ready() == 1);
    pool.drain();
    assertThat(pool.ready()).isZero();
  }

  @Test
  void whatWasBeingStartedWhileThePoolWasDrainedIsNotKept() throws Exception {
    mayStart.drainPermits();
    pool.expect(kind());
    await(mayStart::hasQueuedThreads);
    pool.drain();
    pool.expect(kind());
    await(() -> mayStart.getQueueLength() == 2);

    mayStart.release(2);
    await(() -> engine.standbys.stream().filter(Standby::alive).count() == 1 && started() == 2);
    assertThat(pool.ready()).isEqualTo(1);
    pool.expect(kind());
    assertThat(pool.ready()).isEqualTo(1);
    assertThat(started()).isEqualTo(2);
  }

  private int started() {
    return engine.standbys.size();
  }
}

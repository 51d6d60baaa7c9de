package dev.holdfast.workbench.oci;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.workbench.Caps;
import dev.holdfast.workbench.Checkpoints;
import dev.holdfast.workbench.ExecSpec;
import dev.holdfast.workbench.Workbench;
import dev.holdfast.workbench.WorkbenchCheckpoint;
import dev.holdfast.workbench.WorkbenchCheckpoint.Content;
import dev.holdfast.workbench.WorkbenchId;
import dev.holdfast.workbench.WorkbenchSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.api.Assertions;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Workbenches that go on from one saved memory must differ in everything taken for unique. */
@Timeout(300)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class GvisorForkHazardTest {
  private static final int FORKS = 4;
  private static final Caps CAPS = Caps.DEFAULT.withMemoryBytes(256L << 20);

  /** Each prints one line that neither another fork nor the original may print. */
  private static final List<String> SECRETS =
      List.of(
          "head -c 16 /dev/urandom | od -An -tx1",
          "head -c 16 /dev/random | od -An -tx1",
          "python3 -c 'import os; print(os.getrandom(16).hex())'",
          "python3 -c 'import secrets; print(secrets.token_hex())'",
          "python3 -c 'import random; print(random.random())'",
          "python3 -c 'import uuid; print(uuid.uuid4())'",
          "python3 -c 'import uuid; print(uuid.uuid1())'",
          "python3 -c 'print(hash(\"text\"))'",
          "bash -c 'echo $RANDOM$RANDOM$RANDOM$RANDOM'",
          "cat /proc/sys/kernel/random/boot_id",
          "hostname",
          "cat /proc/sys/kernel/hostname",
          "grep localhost /etc/hosts | head -1",
          "grep -m1 stack /proc/self/maps",
          "mktemp -u /tmp/XXXXXXXXXXXX",
          "python3 -c 'import socket; s = socket.socket(); s.bind((\"127.0.0.1\", 0));"
              + " s.listen(); c = [socket.create_connection(s.getsockname()) for _ in range(3)];"
              + " print([x.getsockname()[1] for x in c])'",
          "echo $TOKEN");

  /** Draws on request, from the state that it has had since before the checkpoint. */
  private static final String GENERATOR =
      """
      import os, random, time
      random.random()
      open('/workspace/ready', 'w')
      while not os.path.exists('/workspace/draw'):
          time.sleep(0.02)
      with open('/workspace/drawn.new', 'w') as out:
          print(random.random(), os.urandom(8).hex(), time.time(), file=out)
      os.rename('/workspace/drawn.new', '/workspace/drawn')
      """;

  @TempDir static Path home;
  @TempDir static Path workspaces;
  private @Nullable OciEngine engine;
  private final List<Workbench> all = new ArrayList<>();
  private final List<Path> places = new ArrayList<>();

  private WorkbenchSpec spec(int number) throws IOException {
    Path workspace = Files.createDirectory(workspaces.resolve("w" + number));
    Files.setAttribute(workspace, "unix:uid", OciEngine.OWNER);
    Files.setAttribute(workspace, "unix:gid", OciEngine.OWNER);
    places.add(workspace);
    return new WorkbenchSpec(
        WorkbenchId.random(),
        Optional.of(workspace),
        List.of(),
        CAPS,
        Map.of("TOKEN", "token-" + number));
  }

  /** The original has drawn everything once, so that whatever can be kept for later is kept. */
  @BeforeAll
  void fork() throws IOException {
    var gvisor = OciEngine.openGvisor(home);
    engine = gvisor;
    Checkpoints checkpoints = gvisor.checkpoints().orElseThrow();
    Workbench original = gvisor.create(spec(0));
    all.add(original);
    draw(original);
    var _ = original.start(ExecSpec.of("python3", "-c", GENERATOR));
    output(original, "until test -e ready; do sleep 0.02; done");
    WorkbenchCheckpoint saved = checkpoints.take(original, Content.FILES_AND_MEMORY);
    var specs = new ArrayList<WorkbenchSpec>();
    for (int i = 1; i <= FORKS; i++) {
      specs.add(spec(i));
    }
    all.addAll(checkpoints.fork(saved.id(), specs));
  }

  @AfterAll
  void end() {
    if (engine != null) {
      engine.close();
    }
  }

  @Test
  void noTwoDrawTheSame() {
    var drawn = new ArrayList<List<String>>();
    all.forEach(workbench -> drawn.add(draw(workbench)));
    for (int secret = 0; secret < SECRETS.size(); secret++) {
      var values = new HashSet<String>();
      for (List<String> one : drawn) {
        assertThat(one.get(secret)).isNotBlank();
        assertThat(values.add(one.get(secret))).as(SECRETS.get(secret)).isTrue();
      }
    }
  }

  @Test
  void namesAndTokensAreTheirOwn() {
    for (int i = 0; i < all.size(); i++) {
      String id = all.get(i).id().value();
      assertThat(output(all.get(i), "hostname; echo $TOKEN; cat /etc/hosts"))
          .startsWith(id + "\ntoken-" + i + "\n127.0.0.1 localhost " + id + "\n");
    }
  }

  /** The documented limit: what a running program has in memory is in all copies of it. */
  @Test
  void aRunningProgramsOwnStateIsSharedButNotTheKernels() throws IOException {
    var own = new HashSet<String>();
    var kernels = new HashSet<String>();
    for (Workbench workbench : all) {
      output(workbench, "touch draw; until test -e drawn; do sleep 0.02; done");
    }
    for (Path place : places) {
      String[] drawn = Files.readString(place.resolve("drawn")).split(" ", -1);
      own.add(drawn[0]);
      kernels.add(drawn[1]);
      var clock = Instant.ofEpochMilli((long) (Double.parseDouble(drawn[2].strip()) * 1000));
      assertThat(
              Duration.between(clock, Files.getLastModifiedTime(place.resolve("drawn")).toInstant())
                  .abs())
          .isLessThan(Duration.ofSeconds(5));
    }
    assertThat(own).hasSize(1);
    assertThat(kernels).hasSize(places.size());
  }

  /** The right to name the workbench is not left behind for anybody. */
  @Test
  void nobodyInsideCanDoWhatNamedIt() {
    for (Workbench fork : all) {
      var named = fork.exec(ExecSpec.of("/run/holdfast/guest", "--renew", "other"));
      assertThat(named.succeeded()).isFalse();
      assertThat(
              output(fork, "hostname; grep CapBnd /proc/self/status; grep -c . /proc/mounts >&2"))
          .isEqualTo(fork.id() + "\nCapBnd:\t0000000000000000\n");
      assertThat(output(fork, "grep -c ' /proc ' /proc/mounts")).isEqualTo("1\n");
    }
  }

  private static List<String> draw(Workbench workbench) {
    List<String> lines = output(workbench, String.join("; ", SECRETS)).lines().toList();
    assertThat(lines).hasSameSizeAs(SECRETS);
    return lines;
  }

  private static String output(Workbench workbench, String script) {
    var result = workbench.exec(ExecSpec.of("sh", "-c", script));
    Assertions.assertThat(result.succeeded())
        .as("%s %s", result.end(), result.stderrText())
        .isTrue();
    return result.stdoutText();
  }
}

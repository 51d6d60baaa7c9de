package dev.holdfast.workbench.microvm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.workbench.Caps;
import dev.holdfast.workbench.ExecSpec;
import dev.holdfast.workbench.Workbench;
import dev.holdfast.workbench.WorkbenchCheckpoint.Content;
import dev.holdfast.workbench.WorkbenchId;
import dev.holdfast.workbench.WorkbenchKind;
import dev.holdfast.workbench.WorkbenchSpec;
import dev.holdfast.workbench.oci.OciEngine;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Machines that continue from one snapshot must differ in everything that is taken for unique. */
@Timeout(300)
class ForkHazardTest {
  private static final int MACHINES = 4;

  /** Each prints one line that no other machine may print. */
  private static final List<String> SECRETS =
      List.of(
          "head -c 16 /dev/urandom | od -An -tx1",
          "head -c 16 /dev/random | od -An -tx1",
          "python3 -c 'import os; print(os.getrandom(16).hex())'",
          "python3 -c 'import random; print(random.random())'",
          "python3 -c 'import uuid; print(uuid.uuid4())'",
          "python3 -c 'import uuid; print(uuid.uuid1())'",
          "python3 -c 'print(hash(\"text\"))'",
          "cat /proc/sys/kernel/random/uuid",
          "cat /proc/sys/kernel/random/boot_id",
          "cat /etc/machine-id",
          "cat /etc/hostname",
          "hostname",
          "grep -m1 stack /proc/self/maps",
          "mktemp -u /tmp/XXXXXXXXXXXX",
          "python3 -c 'import socket; s = socket.socket(); s.bind((\"127.0.0.1\", 0));"
              + " s.listen(); c = [socket.create_connection(s.getsockname()) for _ in range(3)];"
              + " print([x.getsockname()[1] for x in c])'");

  @TempDir Path home;

  @Test
  void twoMachinesNeverDrawTheSame() throws IOException {
    draws(Qemu::emulating);
  }

  @Test
  void norDoTwoOfFirecrackers() throws IOException {
    draws(FirecrackerStandIn::in);
  }

  private void draws(MicrovmEngine.Driver driver) throws IOException {
    var caps = Caps.DEFAULT.withMemoryBytes(128L << 20);
    try (MicrovmEngine engine = MicrovmEngine.open(home, driver)) {
      var drawn = new ArrayList<List<String>>();
      for (int i = 0; i < MACHINES; i++) {
        try (Workbench workbench = made(engine, WorkbenchSpec.empty(caps), i % 2 == 0)) {
          drawn.add(draw(workbench));
        }
      }
      assertNoTwoDrewTheSame(drawn);
    }
  }

  private static void assertNoTwoDrewTheSame(List<List<String>> drawn) {
    for (int secret = 0; secret < SECRETS.size(); secret++) {
      var values = new HashSet<String>();
      for (List<String> machine : drawn) {
        assertThat(machine.get(secret)).isNotBlank();
        assertThat(values.add(machine.get(secret))).as(SECRETS.get(secret)).isTrue();
      }
    }
  }

  /** One that is held ready draws its own before it is claimed. */
  private Workbench made(MicrovmEngine engine, WorkbenchSpec spec, boolean ahead)
      throws IOException {
    if (!ahead) {
      return engine.create(spec);
    }
    Path workspace = Files.createTempDirectory(home, "workspace");
    return engine.standBy(WorkbenchKind.of(spec)).orElseThrow().claim(workspace);
  }

  private static List<String> draw(Workbench workbench) {
    var result = workbench.exec(ExecSpec.of("sh", "-c", String.join("; ", SECRETS)));
    assertThat(result.stderrText()).isEmpty();
    List<String> lines = result.stdoutText().lines().toList();
    assertThat(lines).hasSameSizeAs(SECRETS);
    return lines;
  }

  private static final int FORKS = 3;

  /** Draws on request, from the state that it has had since before the checkpoint. */
  private static final String GENERATOR =
      """
      import os, random, time
      random.random()
      urandom = open('/dev/urandom', 'rb', buffering=0)
      open('/workspace/ready', 'w')
      while not os.path.exists('/workspace/draw'):
          time.sleep(0.02)
      with open('/workspace/drawn.new', 'w') as out:
          print(random.random(), os.getrandom(8).hex(), urandom.read(8).hex(), time.time(), file=out)
      os.rename('/workspace/drawn.new', '/workspace/drawn')
      """;

  private WorkbenchSpec over(int number) throws IOException {
    Path workspace = Files.createDirectory(home.resolve("w" + number));
    Files.setAttribute(workspace, "unix:uid", OciEngine.OWNER);
    Files.setAttribute(workspace, "unix:gid", OciEngine.OWNER);
    return new WorkbenchSpec(
            WorkbenchId.random(),
            Optional.of(workspace),
            List.of(),
            Caps.DEFAULT.withMemoryBytes(128L << 20),
            Map.of("TOKEN", "token-" + number))
        .saving(Content.FILES_AND_MEMORY);
  }

  /** The original has drawn everything once, so that whatever can be kept for later is kept. */
  @Test
  void forksOfOneMemoryShareNothingButWhatProgramsHaveThemselves() throws IOException {
    try (MicrovmEngine engine = MicrovmEngine.open(home)) {
      var all = new ArrayList<Workbench>();
      all.add(engine.create(over(0)));
      draw(all.getFirst());
      var _ = all.getFirst().start(ExecSpec.of("python3", "-c", GENERATOR));
      output(all.getFirst(), "until test -e ready; do sleep 0.02; done");
      var checkpoints = engine.checkpoints().orElseThrow();
      var saved = checkpoints.take(all.getFirst(), Content.FILES_AND_MEMORY);
      var specs = new ArrayList<WorkbenchSpec>();
      for (int i = 1; i <= FORKS; i++) {
        specs.add(over(i));
      }
      all.addAll(checkpoints.fork(saved.id(), specs));
      assertNoTwoDrewTheSame(all.stream().map(ForkHazardTest::draw).toList());
      namesAndTokensAreTheirOwn(all);
      onlyAProgramsOwnStateIsShared(all);
    }
  }

  private static void namesAndTokensAreTheirOwn(List<Workbench> all) {
    for (int i = 0; i < all.size(); i++) {
      String id = all.get(i).id().value();
      assertThat(output(all.get(i), "hostname; echo $TOKEN; cat /etc/hosts"))
          .startsWith(id + "\ntoken-" + i + "\n127.0.0.1 localhost " + id + "\n");
    }
  }

  private void onlyAProgramsOwnStateIsShared(List<Workbench> all) throws IOException {
    var own = new HashSet<String>();
    var kernels = new HashSet<String>();
    for (int i = 0; i < all.size(); i++) {
      output(all.get(i), "touch draw; until test -e drawn; do sleep 0.02; done");
      Path file = home.resolve("w" + i).resolve("drawn");
      String[] drawn = Files.readString(file).strip().split(" ", -1);
      own.add(drawn[0]);
      kernels.add(drawn[1]);
      kernels.add(drawn[2]);
      var clock = Instant.ofEpochMilli((long) (Double.parseDouble(drawn[3]) * 1000));
      assertThat(Duration.between(clock, Files.getLastModifiedTime(file).toInstant()).abs())
          .isLessThan(Duration.ofSeconds(5));
    }
    assertThat(own).hasSize(1);
    assertThat(kernels).hasSize(2 * all.size());
  }

  private static String output(Workbench workbench, String script) {
    var result = workbench.exec(ExecSpec.of("sh", "-c", script));
    assertThat(result.succeeded()).as("%s %s", result.end(), result.stderrText()).isTrue();
    return result.stdoutText();
  }
}

package dev.holdfast.workbench.microvm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.workbench.Caps;
import dev.holdfast.workbench.ExecSpec;
import dev.holdfast.workbench.Workbench;
import dev.holdfast.workbench.WorkbenchKind;
import dev.holdfast.workbench.WorkbenchSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
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
      for (int secret = 0; secret < SECRETS.size(); secret++) {
        var values = new HashSet<String>();
        for (List<String> machine : drawn) {
          assertThat(machine.get(secret)).isNotBlank();
          assertThat(values.add(machine.get(secret))).as(SECRETS.get(secret)).isTrue();
        }
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
}

package dev.holdfast.testkit.workbench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.workbench.End;
import dev.holdfast.workbench.ExecResult;
import dev.holdfast.workbench.Workbench;
import dev.holdfast.workbench.WorkbenchSpec;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Each cap is reached from inside, and holds. */
interface LimitsHeld extends Fixture {
  @Test
  default void memoryBeyondTheCapEndsAsOutOfMemory() {
    try (Workbench victim = engine().create(WorkbenchSpec.empty(CAPS))) {
      String bomb = "b = bytearray(1 << 30)\nfor i in range(0, 1 << 30, 4096): b[i] = 1";
      ExecResult result = victim.exec(spec("python3", "-c", bomb));
      assertThat(result.end()).isEqualTo(new End.OutOfMemory(CAPS.memoryBytes()));
      if (!differences().contains(Difference.MEMORY_CAP_ENDS_THE_WORKBENCH)) {
        assertThat(victim.exec(spec("true")).succeeded()).isTrue();
      }
    }
    assertThat(workbench().alive()).as("another workbench").isTrue();
  }

  @Test
  default void processesBeyondTheCapDoNotStart() {
    String forks =
        """
        import os, time
        n = 0
        try:
          while n < 500:
            if os.fork() == 0: time.sleep(30); os._exit(0)
            n += 1
        except OSError as e: print(e.strerror)
        print(n)
        """;
    ExecResult result = python(forks);
    assertThat(result.stdoutText()).startsWith("Resource temporarily unavailable\n");
    int started = Integer.parseInt(result.stdoutText().lines().toList().get(1));
    assertThat(started).isBetween(20, CAPS.pids());
    assertThat(workbench().exec(spec("true")).succeeded()).as("afterwards").isTrue();
  }

  @Test
  default void aForkBombEndsAtItsWallTimeAndTheWorkbenchCanBeRemoved() {
    Workbench victim = engine().create(WorkbenchSpec.empty(CAPS));
    String bomb = "import os\nwhile True:\n  try: os.fork()\n  except OSError: pass";
    ExecResult result =
        victim.exec(spec("python3", "-c", bomb).withWallTime(Duration.ofSeconds(2)));
    assertThat(result.end()).isInstanceOfAny(End.TimedOut.class, End.WorkbenchLost.class);
    victim.close();
    assertNothingLeft(victim.id());
  }

  @Test
  default void aFileBeyondTheCapIsCutOff() {
    assertThat(sh("head -c 9000000 /dev/zero > /workspace/large").succeeded()).isFalse();
    assertThat(output("stat -c %s large; rm large").strip())
        .satisfies(size -> assertThat(Long.parseLong(size)).isBetween(1L, CAPS.fileBytes()));
  }

  @Test
  default void openFilesBeyondTheCapAreRefused() {
    String open =
        """
        held = []
        try:
          while len(held) < 1000: held.append(open('/dev/null'))
        except OSError as e: print(e.strerror, len(held) < 256)
        """;
    assertThat(python(open).stdoutText()).isEqualTo("Too many open files True\n");
  }

  @Test
  default void temporaryDirectoriesAreBounded() {
    for (String directory : new String[] {"/tmp", "/home/agent"}) {
      ExecResult result =
          sh("cd " + directory + " && for i in 1 2 3; do head -c 7M /dev/zero > f$i || exit; done");
      assertThat(result.succeeded()).isFalse();
      assertThat(result.stderrText()).contains("No space left on device");
      output("rm -f %1$s/f1 %1$s/f2 %1$s/f3".formatted(directory));
    }
  }
}

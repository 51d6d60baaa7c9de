package dev.holdfast.cli.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostTest {
  private static final Duration LONG = Duration.ofSeconds(30);

  @TempDir Path directory;
  private FakeMachine machine;

  @BeforeEach
  void aMachine() throws Exception {
    machine = FakeMachine.in(directory);
  }

  private Host.Ran run(Duration limit, String program) {
    return machine.host().run(limit, machine.programs().resolve(program).toString());
  }

  @Test
  void aProgramsEndAndWordsAreKept() throws Exception {
    machine.with("tool", "echo first; echo second >&2; exit 3");
    var ran = run(LONG, "tool");
    assertThat(ran).isEqualTo(new Host.Ran(3, "first\nsecond\n"));
    assertThat(ran.ok()).isFalse();
    assertThat(ran.firstLine()).isEqualTo("first");
    assertThat(ran.lastLine()).isEqualTo("second");
  }

  @Test
  void aSettingOfTheKernelIsReadWhole() throws Exception {
    machine.with("most-pids", "/bin/cat /proc/sys/kernel/pid_max");
    assertThat(machine.host().read("/proc/sys/kernel/pid_max"))
        .hasSizeGreaterThan(2)
        .isEqualTo(run(LONG, "most-pids").output());
  }

  @Test
  void aProgramThatIsNotThereEndsAsInAShell() {
    assertThat(run(LONG, "none").code()).isEqualTo(127);
    assertThat(machine.host().has("none")).isFalse();
  }

  @Test
  void whatTakesTooLongIsEndedWithItsChildren() throws Exception {
    Path child = directory.resolve("child");
    machine.with("slow", "/bin/sleep 4243 & echo $! > " + child + "; wait");
    assertThat(run(Duration.ofSeconds(1), "slow").code()).isEqualTo(124);
    Path stat = Path.of("/proc", Files.readString(child).strip(), "stat");
    for (int i = 0; i < 100 && runs(stat); i++) {
      Thread.sleep(20);
    }
    assertThat(runs(stat)).isFalse();
  }

  /** Whether there is such a process and it is not a dead one that nobody has asked about. */
  private static boolean runs(Path stat) throws IOException {
    return Files.exists(stat) && !Files.readString(stat).contains(") Z ");
  }

  @Test
  void onlyTheBeginningOfEndlessOutputIsKept() throws Exception {
    machine.with("chatty", "/usr/bin/head -c 10000000 /dev/zero");
    assertThat(run(LONG, "chatty").output()).hasSize(64 * 1024);
  }
}

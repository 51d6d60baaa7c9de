package dev.holdfast.workbench.guest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.workbench.Caps;
import dev.holdfast.workbench.End;
import dev.holdfast.workbench.ExecResult;
import dev.holdfast.workbench.ExecSpec;
import dev.holdfast.workbench.Execution;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** stdin, stdout, stderr and terminals, in quantity. */
@Timeout(90)
class StreamsTest {
  @AutoClose private final RealGuest real = RealGuest.start();

  private static ExecSpec spec(String... argv) {
    return ExecSpec.of(List.of(argv), Caps.DEFAULT)
        .withDirectory("/")
        .withOutputBytes(64L << 20)
        .withWallTime(Duration.ofSeconds(60));
  }

  private static byte[] noise(int size) {
    var bytes = new byte[size];
    new Random(size).nextBytes(bytes);
    return bytes;
  }

  @Test
  void carriesInputOfAnySizeThroughAProgram() {
    for (int size : new int[] {0, 1, 65_536, 65_537, 5_000_000}) {
      ExecResult result = real.guest.exec(spec("cat").withStdin(noise(size)));
      assertThat(result.end()).isEqualTo(new End.Exited(0));
      assertThat(result.stdout()).isEqualTo(noise(size));
    }
  }

  @Test
  void aProgramMayIgnoreItsInput() {
    ExecResult result = real.guest.exec(spec("true").withStdin(noise(5_000_000)));
    assertThat(result.end()).isEqualTo(new End.Exited(0));
    assertThat(real.guest.exec(spec("head", "-c", "3").withStdin(noise(5_000_000))).stdout())
        .hasSize(3);
  }

  @Test
  void talksToAProgramBackAndForth() throws IOException {
    try (Execution cat = real.guest.start(spec("cat").withOpenStdin())) {
      for (int i = 0; i < 200; i++) {
        cat.stdin().write(("line " + i).getBytes(StandardCharsets.UTF_8));
        assertThat(
                new String(cat.stdout().readNBytes(("line " + i).length()), StandardCharsets.UTF_8))
            .isEqualTo("line " + i);
      }
      cat.stdin().close();
      assertThat(cat.stdout().readAllBytes()).isEmpty();
      assertThat(cat.await()).isEqualTo(new End.Exited(0));
    }
  }

  @Test
  void aReaderThatPausesHoldsTheProgramBackAndLosesNothing() throws Exception {
    try (Execution flood =
        real.guest.start(spec("sh", "-c", "head -c 3000000 /dev/zero; echo end"))) {
      Thread.sleep(300);
      assertThat(flood.stdout().available()).isLessThanOrEqualTo(Limits.OUTPUT_WINDOW);
      assertThat(flood.stdout().readAllBytes()).hasSize(3_000_004);
      assertThat(flood.await()).isEqualTo(new End.Exited(0));
    }
  }

  @Test
  void outputNotYetReadStaysReadableAfterTheEnd() throws IOException {
    try (Execution late = real.guest.start(spec("sh", "-c", "echo out; echo err >&2"))) {
      assertThat(late.await()).isEqualTo(new End.Exited(0));
      assertThat(late.stdout().readAllBytes()).isEqualTo("out\n".getBytes(StandardCharsets.UTF_8));
      assertThat(late.stderr().readAllBytes()).isEqualTo("err\n".getBytes(StandardCharsets.UTF_8));
    }
  }

  @Test
  void tooMuchOutputEndsTheProgramWithWhatFits() {
    ExecResult result = real.guest.exec(spec("yes").withOutputBytes(100_000));
    assertThat(result.end()).isEqualTo(new End.OutputExceeded(100_000));
    assertThat(result.stdout()).hasSize(100_000);
  }

  @Test
  void aFloodThatNobodyReadsDoesNotStarveOthers() {
    var floods = new ArrayList<Execution>();
    for (int i = 0; i < 20; i++) {
      floods.add(real.guest.start(spec("cat", "/dev/zero")));
    }
    long begin = System.nanoTime();
    for (int i = 0; i < 20; i++) {
      assertThat(real.guest.exec(spec("echo", "hi")).stdoutText()).isEqualTo("hi\n");
    }
    assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(10));
    floods.forEach(Execution::close);
  }

  @Test
  void aTerminalHasASizeEchoesAndTakesControlCharacters() throws IOException {
    ExecSpec shell =
        spec(
                "sh",
                "-c",
                "trap 'stty size; exit 7' WINCH; tty; stty size; while :; do sleep 0.05; done")
            .withTerminal(new ExecSpec.TerminalSize(30, 100));
    try (Execution terminal = real.guest.start(shell)) {
      String first = new String(terminal.stdout().readNBytes(20), StandardCharsets.UTF_8);
      assertThat(first).startsWith("/dev/pts/").endsWith("30 100\r\n");
      terminal.resize(new ExecSpec.TerminalSize(40, 120));
      assertThat(new String(terminal.stdout().readAllBytes(), StandardCharsets.UTF_8))
          .isEqualTo("40 120\r\n");
      assertThat(terminal.await()).isEqualTo(new End.Exited(7));
    }
    ExecSpec cat = spec("cat").withTerminal(new ExecSpec.TerminalSize(24, 80));
    try (Execution interrupted = real.guest.start(cat)) {
      interrupted.stdin().write(3);
      assertThat(interrupted.await()).isEqualTo(new End.Signalled(2));
    }
    try (Execution ended = real.guest.start(cat)) {
      ended.stdin().close();
      assertThat(ended.await()).isEqualTo(new End.Exited(0));
    }
  }

  @Test
  void writingToAnEndedProgramFails() {
    try (Execution gone = real.guest.start(spec("true").withOpenStdin())) {
      gone.await();
      assertThatThrownBy(() -> gone.stdin().write(noise(1))).isInstanceOf(IOException.class);
    }
  }

  @Test
  void runsTwoHundredProgramsAtOnce() throws Exception {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var tasks = new ArrayList<Callable<String>>();
      for (int i = 0; i < 200; i++) {
        String text = "program " + i;
        tasks.add(
            () ->
                real.guest
                    .exec(spec("sh", "-c", "cat; sleep 0.5").withStdin(Frames.utf8(text)))
                    .stdoutText());
      }
      var answers = new ArrayList<String>();
      for (var future : threads.invokeAll(tasks)) {
        answers.add(future.get());
      }
      for (int i = 0; i < 200; i++) {
        assertThat(answers.get(i)).isEqualTo("program " + i);
      }
    }
  }

  @Test
  void anInterruptedCallerKillsItsProgramAndNothingElse() throws Exception {
    try (Execution other = real.guest.start(spec("cat").withOpenStdin())) {
      Thread caller = Thread.ofPlatform().start(() -> real.guest.exec(spec("sleep", "50")));
      Thread.sleep(200);
      caller.interrupt();
      caller.join(10_000);
      assertThat(caller.isAlive()).isFalse();
      other.stdin().close();
      assertThat(other.await()).isEqualTo(new End.Exited(0));
    }
  }

  @Test
  void argumentsBeyondTheLimitAreRefusedWithoutHarm() {
    assertThat(real.guest.exec(spec("echo", "x".repeat(300_000))).end())
        .isInstanceOf(End.NotStarted.class);
    assertThat(real.guest.exec(spec("echo", "a\0b")).end()).isInstanceOf(End.NotStarted.class);
    assertThat(real.guest.exec(spec("echo", "x".repeat(100_000))).stdout()).hasSize(100_001);
  }

  @Test
  void aGuestThatDiesEndsEverythingWithAReason() {
    Execution lost = real.guest.start(spec("sleep", "50"));
    real.kill();
    assertThat(lost.await()).isInstanceOf(End.WorkbenchLost.class);
    assertThatThrownBy(() -> real.guest.exec(spec("true")))
        .hasMessageContaining("the workbench is gone");
    assertThat(real.guest.alive()).isFalse();
  }
}

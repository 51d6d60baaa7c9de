package dev.holdfast.testkit.workbench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.workbench.End;
import dev.holdfast.workbench.ExecResult;
import dev.holdfast.workbench.ExecSpec;
import dev.holdfast.workbench.Execution;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;

/** stdin, stdout, stderr and terminals, in quantity. */
interface Streams extends Fixture {
  private ExecSpec wide(String... argv) {
    return spec(argv).withOutputBytes(64L << 20);
  }

  @Test
  default void carriesInputOfAnySizeThroughAProgram() {
    for (int size : new int[] {0, 1, 65_536, 65_537, 3_000_000}) {
      ExecResult result = workbench().exec(wide("cat").withStdin(Fixture.noise(size)));
      assertThat(result.end()).isEqualTo(new End.Exited(0));
      assertThat(result.stdout()).isEqualTo(Fixture.noise(size));
    }
  }

  @Test
  default void aProgramMayIgnoreItsInput() {
    byte[] input = Fixture.noise(3_000_000);
    assertThat(workbench().exec(wide("true").withStdin(input)).end()).isEqualTo(new End.Exited(0));
    assertThat(workbench().exec(wide("head", "-c", "3").withStdin(input)).stdout()).hasSize(3);
  }

  @Test
  default void talksToAProgramBackAndForth() throws IOException {
    try (Execution cat = workbench().start(spec("cat").withOpenStdin())) {
      for (int i = 0; i < 50; i++) {
        byte[] line = Fixture.bytes("line " + i);
        cat.stdin().write(line);
        assertThat(cat.stdout().readNBytes(line.length)).isEqualTo(line);
      }
      cat.stdin().close();
      assertThat(cat.stdout().readAllBytes()).isEmpty();
      assertThat(cat.await()).isEqualTo(new End.Exited(0));
      assertThatThrownBy(() -> cat.stdin().write(1)).isInstanceOf(IOException.class);
    }
  }

  /** A program that nobody listens to waits: its output piles up nowhere. */
  @Test
  default void aReaderThatPausesHoldsTheProgramBackAndLosesNothing() throws Exception {
    String script = "head -c 6000000 /dev/zero; : > /tmp/flooded; echo end";
    try (Execution flood = workbench().start(wide("sh", "-c", script))) {
      Thread.sleep(500);
      assertThat(sh("test -e /tmp/flooded").succeeded()).isFalse();
      assertThat(flood.stdout().readAllBytes()).hasSize(6_000_004);
      assertThat(flood.await()).isEqualTo(new End.Exited(0));
    }
  }

  @Test
  default void outputNotYetReadStaysReadableAfterTheEnd() throws IOException {
    try (Execution late = workbench().start(spec("sh", "-c", "echo out; echo err >&2"))) {
      assertThat(late.await()).isEqualTo(new End.Exited(0));
      assertThat(late.stdout().readAllBytes()).isEqualTo(Fixture.bytes("out\n"));
      assertThat(late.stderr().readAllBytes()).isEqualTo(Fixture.bytes("err\n"));
    }
  }

  @Test
  default void tooMuchOutputEndsTheProgramWithWhatFits() {
    ExecResult result = workbench().exec(spec("yes").withOutputBytes(100_000));
    assertThat(result.end()).isEqualTo(new End.OutputExceeded(100_000));
    assertThat(result.stdout()).hasSize(100_000);
  }

  @Test
  default void aFloodThatNobodyReadsDoesNotStarveOthers() {
    var floods = new ArrayList<Execution>();
    for (int i = 0; i < 10; i++) {
      floods.add(workbench().start(wide("cat", "/dev/zero")));
    }
    long begin = System.nanoTime();
    for (int i = 0; i < 10; i++) {
      assertThat(workbench().exec(spec("echo", "hi")).stdoutText()).isEqualTo("hi\n");
    }
    assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(20));
    floods.forEach(Execution::close);
  }

  @Test
  default void aTerminalHasASizeAndTellsOfANewOne() throws IOException {
    String script = "trap 'stty size; exit 7' WINCH; tty; stty size; while :; do sleep 0.05; done";
    ExecSpec shell = spec("sh", "-c", script).withTerminal(new ExecSpec.TerminalSize(30, 100));
    try (Execution terminal = workbench().start(shell)) {
      var first = new String(terminal.stdout().readNBytes(20), StandardCharsets.UTF_8);
      assertThat(first).startsWith("/dev/pts/").endsWith("30 100\r\n");
      terminal.resize(new ExecSpec.TerminalSize(40, 120));
      assertThat(terminal.stdout().readAllBytes()).isEqualTo(Fixture.bytes("40 120\r\n"));
      assertThat(terminal.await()).isEqualTo(new End.Exited(7));
    }
  }

  @Test
  default void aTerminalTakesControlCharacters() throws IOException {
    ExecSpec cat = spec("cat").withTerminal(new ExecSpec.TerminalSize(24, 80));
    try (Execution interrupted = workbench().start(cat)) {
      interrupted.stdin().write(Fixture.bytes("x\n"));
      assertThat(interrupted.stdout().readNBytes(6)).isEqualTo(Fixture.bytes("x\r\nx\r\n"));
      interrupted.stdin().write(3);
      assertThat(interrupted.await()).isEqualTo(new End.Signalled(2));
    }
    try (Execution ended = workbench().start(cat)) {
      ended.stdin().close();
      assertThat(ended.await()).isEqualTo(new End.Exited(0));
    }
  }
}

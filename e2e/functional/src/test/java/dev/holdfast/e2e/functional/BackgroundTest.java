package dev.holdfast.e2e.functional;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Processes that go on when the command that started them has ended. */
@Timeout(180)
class BackgroundTest extends LiveWorkbench {
  private static final String LEAVE = "\020\021";

  private String detach(String script, String... options) throws Exception {
    var words = new java.util.ArrayList<>(java.util.List.of("workbench", "exec", "w", "--detach"));
    words.addAll(java.util.List.of(options));
    words.addAll(java.util.List.of("--", "sh", "-c", script));
    return cli.run(temp, words.toArray(String[]::new)).orFail().out().strip();
  }

  @Test
  void itOutlivesItsCallAndWhatItSaidIsKept() throws Exception {
    var process = detach("echo out; echo err >&2; exec sleep 100");
    var followed = cli.start(temp, "workbench", "logs", "w", process, "--follow");
    awaitOutput(followed, "out\n");
    var again = detach("echo on; exit 4");
    assertThat(cli.run(temp, "workbench", "logs", "w", again, "--follow").orFail().out())
        .isEqualTo("on\n");

    assertThat(cli.run(temp, "workbench", "kill", "w", process, "--signal", "KILL").code())
        .isZero();
    assertThat(followed.waitFor()).isZero();
    assertThat(text(followed.getErrorStream())).startsWith("err\n");
    assertThat(cli.run(temp, "workbench", "ps", "w").orFail().out())
        .contains(process + "  ", "ended by signal 9", again + "  ", "exited 4");
    assertThat(cli.run(temp, "workbench", "logs", "w", "p99").err())
        .contains("there is no background process `p99`");
  }

  @Test
  void aFloodIsDroppedAndSaidSoAndHoldsNobodyUp() throws Exception {
    var flood = detach("yes flooding | head -c 60000000; echo; echo the end");
    assertThat(cli.run(temp, "workbench", "exec", "w", "--", "echo", "here").orFail().out())
        .isEqualTo("here\n");
    var said = cli.run(temp, "workbench", "logs", "w", flood, "--follow").orFail();
    assertThat(said.out()).endsWith("the end\n");
    assertThat(said.err()).contains("bytes of output were dropped here");

    var kept = cli.run(temp, "workbench", "logs", "w", flood).orFail();
    assertThat(kept.out().length()).isBetween(100_000, 256 << 10);
    assertThat(kept.err()).containsPattern("holdfast: [0-9]{8} bytes of output were dropped here");
  }

  @Test
  void aTerminalIsLeftAndComeBackTo() throws Exception {
    var shell = detach("exec sh", "--tty");
    var first = cli.start(temp, "workbench", "attach", "w", shell);
    type(first, "echo first$((20+2)); kept=here\n");
    awaitOutput(first, "first22");
    type(first, LEAVE);
    assertThat(first.waitFor()).isZero();
    assertThat(text(first.getErrorStream())).contains("detached; the program goes on");

    var second = cli.start(temp, "workbench", "attach", "w", shell);
    awaitOutput(second, "first22"); // what was on the screen is shown again
    type(second, "echo again-$kept; stty size; exit 6\n");
    awaitOutput(second, "again-here");
    awaitOutput(second, "24 80");
    assertThat(second.waitFor()).isEqualTo(6);

    var plain = detach("sleep 60");
    assertThat(cli.run(temp, "workbench", "attach", "w", plain).err()).contains("on no terminal");
  }

  @Test
  void aCommandMayHaveATerminal() throws Exception {
    var process = cli.start(temp, "workbench", "exec", "w", "--tty", "--", "sh");
    type(process, "tty; exit 3\n");
    awaitOutput(process, "/dev/pts/");
    assertThat(process.waitFor()).isEqualTo(3);
  }

  private static void type(Process process, String keys) throws IOException {
    process.getOutputStream().write(keys.getBytes(StandardCharsets.US_ASCII));
    process.getOutputStream().flush();
  }

  private static void awaitOutput(Process process, String wanted) throws IOException {
    var seen = new StringBuilder();
    while (seen.indexOf(wanted) < 0) {
      int next = process.getInputStream().read();
      assertThat(next).as("%s in %s", wanted, seen).isNotNegative();
      seen.append((char) next);
    }
  }

  private static String text(InputStream stream) throws IOException {
    return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
  }
}

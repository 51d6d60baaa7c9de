package dev.holdfast.workbench.guest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.workbench.Caps;
import dev.holdfast.workbench.End;
import dev.holdfast.workbench.ExecResult;
import dev.holdfast.workbench.ExecSpec;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ExecTest {
  private RealGuest real;

  @BeforeAll
  void start() {
    real = RealGuest.start();
  }

  @AfterAll
  void stop() {
    real.close();
  }

  private static ExecSpec spec(String... argv) {
    return ExecSpec.of(List.of(argv), Caps.DEFAULT)
        .withDirectory("/")
        .withWallTime(Duration.ofSeconds(30));
  }

  private ExecResult sh(String script) {
    return real.guest.exec(spec("sh", "-c", script));
  }

  @Test
  void keepsStdoutStderrAndTheCodeApart() {
    ExecResult result = sh("echo out; echo err >&2; exit 3");
    assertThat(result.end()).isEqualTo(new End.Exited(3));
    assertThat(result.stdoutText()).isEqualTo("out\n");
    assertThat(result.stderrText()).isEqualTo("err\n");
    assertThat(result.use().wall()).isPositive();
    assertThat(result.use().maxResidentBytes()).isPositive();
  }

  @Test
  void passesArgumentsEnvironmentAndDirectoryAsTheyAre() {
    ExecResult result =
        real.guest.exec(
            spec(
                    "sh",
                    "-c",
                    "printf '%s|' \"$@\" \"$X\" \"$LANG\" \"$PWD\"",
                    "sh",
                    "a b",
                    "",
                    "ä\n")
                .withEnv(Map.of("X", "x=y"))
                .withDirectory("/usr"));
    assertThat(result.stdoutText()).isEqualTo("a b||ä\n|x=y|C.UTF-8|/usr|");
  }

  @Test
  void saysWhyAProgramDoesNotStart() {
    assertThat(real.guest.exec(spec("no-such-program")).end())
        .isEqualTo(new End.NotStarted("cannot run `no-such-program`: No such file or directory"));
    assertThat(real.guest.exec(spec("/etc/passwd")).end())
        .isEqualTo(new End.NotStarted("cannot run `/etc/passwd`: Permission denied"));
    assertThat(real.guest.exec(spec("true").withDirectory("/nowhere")).end())
        .isEqualTo(
            new End.NotStarted("cannot enter directory `/nowhere`: No such file or directory"));
  }

  @Test
  void reportsASignal() {
    assertThat(sh("kill -SEGV $$").end()).isEqualTo(new End.Signalled(11));
  }

  @Test
  void endsAProgramAtItsWallTimeEvenWhenItIgnoresSigterm() {
    var limit = Duration.ofMillis(300);
    ExecResult result =
        real.guest.exec(
            spec("sh", "-c", "trap '' TERM; echo begun; while :; do sleep 1; done")
                .withWallTime(limit));
    assertThat(result.end()).isEqualTo(new End.TimedOut(limit));
    assertThat(result.stdoutText()).isEqualTo("begun\n");
  }

  @Test
  void answersWhetherItIsAlive() {
    assertThat(real.guest.alive()).isTrue();
  }
}

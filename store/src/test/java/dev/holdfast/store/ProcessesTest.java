package dev.holdfast.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.run.EventLog.Verification;
import dev.holdfast.run.RunId;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class ProcessesTest {
  private static final int PROCESSES = 4;
  private static final int EACH = 150;

  @TempDir Path dir;

  @Test
  @Timeout(180)
  void processesThatOpenAndAppendToTheSameRunAtOnceMakeOneChain() throws Exception {
    var children = new ArrayList<Process>();
    try {
      for (int i = 0; i < PROCESSES; i++) {
        var own = "r-own" + i;
        children.add(
            Children.start(dir.resolve("state"), dir.resolve("out" + i), EACH, "r-shared", own));
      }
      for (var child : children) {
        assertThat(child.waitFor(150, TimeUnit.SECONDS)).isTrue();
        assertThat(child.exitValue()).isZero();
      }
    } finally {
      children.forEach(Process::destroyForcibly);
    }
    try (var log = new SqliteEventLog(dir.resolve("state"))) {
      assertThat(log.verify(new RunId("r-shared")))
          .isInstanceOfSatisfying(
              Verification.Intact.class,
              intact -> assertThat(intact.events()).isEqualTo(PROCESSES * EACH));
      assertThat(log.verifyStore())
          .isInstanceOfSatisfying(
              Verification.Intact.class,
              intact -> assertThat(intact.events()).isEqualTo(2 * PROCESSES * EACH));
    }
  }
}

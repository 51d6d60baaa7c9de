package dev.holdfast.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.run.EventLog.Verification;
import dev.holdfast.run.RecordedEvent;
import dev.holdfast.run.RunId;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class CrashTest {
  private static final int KILLS = 20;
  private static final String[] RUNS = {"r-one", "r-two", "r-three"};

  @TempDir Path dir;

  @Test
  @Timeout(300)
  void losesNoAcknowledgedEventWhenKilledAtAnyMoment() throws Exception {
    var random = new Random(42);
    var acknowledged = new HashMap<String, String>();
    for (int kill = 0; kill < KILLS; kill++) {
      var output = dir.resolve("out-" + kill);
      var child = Children.start(dir.resolve("state"), output, 1_000_000, RUNS);
      try {
        awaitFirstLine(child, output);
        Thread.sleep(random.nextInt(150));
      } finally {
        child.destroyForcibly();
        assertThat(child.waitFor(20, TimeUnit.SECONDS)).isTrue();
      }
      gather(output, acknowledged);
      check(acknowledged);
    }
    assertThat(acknowledged).hasSizeGreaterThan(KILLS);
  }

  private static void awaitFirstLine(Process child, Path output) throws Exception {
    for (int i = 0; i < 6000 && Files.size(output) == 0; i++) {
      assertThat(child.isAlive()).isTrue();
      Thread.sleep(5);
    }
    assertThat(Files.size(output)).as("the child has begun").isPositive();
  }

  /** The last line may be cut off; what is whole was acknowledged. */
  private static void gather(Path output, Map<String, String> acknowledged) throws Exception {
    var text = Files.readString(output);
    for (var line : text.substring(0, text.lastIndexOf('\n')).split("\n", -1)) {
      int hash = line.lastIndexOf(' ');
      acknowledged.put(line.substring(0, hash), line.substring(hash + 1));
    }
  }

  private void check(Map<String, String> acknowledged) {
    try (var log = new SqliteEventLog(dir.resolve("state"))) {
      var stored = new HashMap<String, String>();
      for (var name : RUNS) {
        var run = new RunId(name);
        for (RecordedEvent event : log.read(run, 0)) {
          stored.put(name + " " + event.seq(), event.hash());
        }
        if (!log.read(run, 0).isEmpty()) {
          assertThat(log.verify(run)).isInstanceOf(Verification.Intact.class);
        }
      }
      assertThat(stored).containsAllEntriesOf(acknowledged);
      assertThat(log.verifyStore()).isInstanceOf(Verification.Intact.class);
    }
  }
}

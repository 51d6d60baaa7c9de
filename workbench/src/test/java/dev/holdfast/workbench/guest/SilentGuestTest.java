package dev.holdfast.workbench.guest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.workbench.End;
import dev.holdfast.workbench.ExecSpec;
import dev.holdfast.workbench.Execution;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** A guest that says nothing. These wait for real limits, so they do it at the same time. */
@Timeout(60)
@org.junit.jupiter.api.parallel.Execution(ExecutionMode.CONCURRENT)
class SilentGuestTest {
  private static final ExecSpec SPEC = ExecSpec.of("true");

  private static void assertGivenUp(FakeGuest fake) throws Exception {
    assertThat(fake.ended.get(25, TimeUnit.SECONDS).cause()).isEqualTo(ChannelEnd.Cause.SILENT);
  }

  @Test
  void isPingedAndThenGivenUp() throws Exception {
    try (FakeGuest fake = FakeGuest.greeted()) {
      Execution running = fake.host.start(SPEC);
      fake.next(Protocol.EXEC);
      assertThat(fake.next(Protocol.PING).payload()).hasSize(8);
      assertGivenUp(fake);
      assertThat(running.await()).isInstanceOf(End.WorkbenchLost.class);
    }
  }

  @Test
  void isGivenUpWhenItWithholdsTheEndOfAKilledProgram() throws Exception {
    try (FakeGuest fake = FakeGuest.greeted()) {
      Execution running = fake.host.start(SPEC.withWallTime(Duration.ofMillis(100)));
      int stream = fake.next(Protocol.EXEC).stream();
      assertThat(fake.next(Protocol.SIGNAL).payload()).containsExactly(15);
      assertThat(fake.next(Protocol.ABORT).stream()).isEqualTo(stream);
      assertThat(running.await()).isInstanceOf(End.WorkbenchLost.class);
      assertGivenUp(fake);
    }
  }

  @Test
  void isGivenUpWhenItDoesNotRead() throws Exception {
    try (FakeGuest fake = FakeGuest.greeted()) {
      Execution running = fake.host.start(SPEC.withOpenStdin());
      int stream = fake.next(Protocol.EXEC).stream();
      fake.say(Frames.credit(Protocol.STDIN, stream, 8 << 20));
      assertThatThrownBy(() -> running.stdin().write(new byte[9 << 20])).isNotNull();
      assertGivenUp(fake);
    }
  }
}

package dev.holdfast.workbench.guest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.workbench.Caps;
import dev.holdfast.workbench.End;
import dev.holdfast.workbench.ExecSpec;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class OutOfMemoryTest {
  private static ExecSpec sh(String script) {
    return ExecSpec.of(List.of("sh", "-c", script), Caps.DEFAULT).withDirectory("/");
  }

  @Test
  void aKillIsForMemoryOnlyWhenTheLayerSaysSo() {
    var reached = new AtomicBoolean();
    OomProbe probe =
        _ -> reached.getAndSet(false) ? OptionalLong.of(1 << 20) : OptionalLong.empty();
    var settings = new GuestSettings(RealGuest.ENV, probe, _ -> {});
    try (RealGuest real = RealGuest.start(settings, "")) {
      assertThat(real.guest.exec(sh("kill -9 $$")).end()).isEqualTo(new End.Signalled(9));
      reached.set(true);
      assertThat(real.guest.exec(sh("kill -9 $$")).end()).isEqualTo(new End.OutOfMemory(1 << 20));
      reached.set(true);
      assertThat(real.guest.exec(sh("sh -c 'kill -9 $$'; exit $?")).end())
          .isEqualTo(new End.OutOfMemory(1 << 20));
      reached.set(true);
      assertThat(real.guest.exec(sh("exit 1")).end()).isEqualTo(new End.Exited(1));
    }
  }
}

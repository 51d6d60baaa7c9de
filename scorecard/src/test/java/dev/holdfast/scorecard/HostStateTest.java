package dev.holdfast.scorecard;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import org.junit.jupiter.api.Test;

class HostStateTest {
  private static final String SETTING = "/proc/sys/user/max_user_namespaces";

  @Test
  void nothingHasChangedWhereNothingWasDone() {
    assertThat(HostState.now().changesTo(HostState.now())).isEmpty();
  }

  @Test
  void aChangeOfTheLastDigitIsSeen() {
    var before = HostState.now();
    var files = new HashMap<>(before.files());
    files.compute(SETTING, (_, value) -> String.valueOf(value).strip() + "1\n");
    var after = new HostState(files, before.clockMillis());
    assertThat(before.files().get(SETTING)).hasSizeGreaterThan(2);
    assertThat(before.changesTo(after)).singleElement().asString().contains(SETTING);
  }

  @Test
  void aClockThatWasSetIsSeen() {
    var before = HostState.now();
    var after = new HostState(before.files(), before.clockMillis() + 3_600_000);
    assertThat(before.changesTo(after)).containsExactly("the host's clock was set");
  }
}

package dev.holdfast.workbench.oci;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.workbench.WorkbenchException;
import dev.holdfast.workbench.oci.Starter.Groups;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrialTest {
  private static final OciRuntime RUNC =
      new OciRuntime(
          "runc",
          Path.of("/usr/sbin/runc"),
          Optional.empty(),
          Groups.THE_RUNTIME,
          Optional.empty(),
          Optional.empty());

  @TempDir Path home;
  private Layout layout;
  private Container container;

  @BeforeEach
  void open() throws Exception {
    layout = Layout.in(home);
    container = new Container(layout, Cgroups.ofHost());
  }

  @AfterEach
  void tidy() throws Exception {
    container.tidy();
  }

  @Test
  void aRuntimeThatStartsAContainerAsAskedPasses() throws Exception {
    assertThat(Trial.of(layout, container, RUNC).start()).isPositive();
  }

  /** Runc knows no compiled filter: what would start must not start without any. */
  @Test
  void aRuntimeThatOverlooksTheCompiledFilterStartsNothing() {
    assertThatThrownBy(() -> Trial.of(layout, container, RUNC.withFilter("AAAA")))
        .isInstanceOf(WorkbenchException.class);
  }

  @Test
  void whateverCameOfItNothingIsLeft() throws Exception {
    var missing =
        new OciRuntime(
            "none",
            home.resolve("no-runtime"),
            Optional.empty(),
            Groups.THE_RUNTIME,
            Optional.empty(),
            Optional.empty());

    assertThatThrownBy(() -> Trial.of(layout, container, missing))
        .isInstanceOf(WorkbenchException.class)
        .hasMessageContaining("no-runtime");

    assertThat(layout.run()).isEmptyDirectory();
    assertThat(layout.leases()).isEmptyDirectory();
  }

  @Test
  void theChoiceIsRememberedWithItsFilter() throws Exception {
    OciRuntime chosen = RuntimeProbe.choose(layout, container);

    assertThat(RuntimeProbe.choose(layout, container)).isEqualTo(chosen);
    assertThat(home.resolve("rootfs/probe")).content().contains(chosen.name());
  }
}

package dev.holdfast.server.wiring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.workbench.Boundary;
import dev.holdfast.workbench.PlacementRules;
import dev.holdfast.workbench.WorkbenchException;
import dev.holdfast.workbench.Workload;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LayerRulesTest {
  @TempDir Path home;

  @Test
  void readsTheDemandsOfAnInstallation() {
    var rules =
        LayerRules.parse(
            List.of("# ours", "everywhere = kernel-in-user-space", "", "shared=own-kernel"));
    assertThat(rules.least(Workload.LOCAL)).isEqualTo(Boundary.KERNEL_IN_USER_SPACE);
    assertThat(rules.least(Workload.SHARED)).isEqualTo(Boundary.OWN_KERNEL);
  }

  @Test
  void anInstallationWithoutTheFileDemandsNothingMore() {
    assertThat(LayerRules.in(home)).isEqualTo(PlacementRules.NONE);
  }

  @Test
  void aFileThatCannotBeReadLetsNothingRun() throws Exception {
    for (String wrong :
        List.of("everywhere = strong", "here = own-kernel", "everywhere", "a=b=c")) {
      Files.writeString(home.resolve("layers.properties"), wrong + "\n");
      assertThatThrownBy(() -> LayerRules.in(home)).isInstanceOf(WorkbenchException.class);
    }
  }
}

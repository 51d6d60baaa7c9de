package dev.holdfast.workbench.oci;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.workbench.Caps;
import dev.holdfast.workbench.ExecResult;
import dev.holdfast.workbench.ExecSpec;
import dev.holdfast.workbench.Mount;
import dev.holdfast.workbench.WorkbenchId;
import dev.holdfast.workbench.WorkbenchSpec;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KernelCallsTest {
  private static final String ASK =
      """
      class Ask {
        public static void main(String[] arguments) {
          System.out.println(dev.holdfast.workbench.oci.KernelCalls.missing());
        }
      }
      """;

  @TempDir Path home;

  @Test
  void thisKernelHasThemAll() {
    assertThat(KernelCalls.missing()).isEmpty();
  }

  /** Inside a workbench some are answered as by a kernel that does not know them. */
  @Test
  void aMissingOneIsNamedWithItsRelease() throws Exception {
    Path jdk = Path.of(System.getProperty("java.home"));
    Path classes =
        Path.of(KernelCalls.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    Path program = Files.writeString(home.resolve("Ask.java"), ASK);
    var spec =
        new WorkbenchSpec(
            WorkbenchId.random(),
            Optional.empty(),
            List.of(
                new Mount(jdk, "/opt/jdk", Mount.Access.READ_ONLY),
                new Mount(classes, "/opt/classes", Mount.Access.READ_ONLY),
                new Mount(program, "/opt/Ask.java", Mount.Access.READ_ONLY)),
            Caps.DEFAULT,
            Map.of());
    try (OciEngine engine = OciEngine.open(home.resolve("x"));
        var workbench = engine.create(spec)) {
      ExecResult result =
          workbench.exec(
              ExecSpec.of(
                  "/opt/jdk/bin/java",
                  "--enable-native-access=ALL-UNNAMED",
                  "-cp",
                  "/opt/classes",
                  "/opt/Ask.java"));
      assertThat(result.stdoutText()).as(result.stderrText()).contains("clone3 (Linux 5.3)");
    }
  }
}

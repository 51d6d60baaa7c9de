package dev.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The launcher in a checkout of its own, whose build only says that it was called. */
class LauncherTest {
  private static final Map<String, String> NO_BUILD = Map.of("HOLDFAST_NO_BUILD", "1");

  @TempDir Path directory;
  private Path root;
  private Path elsewhere;

  @BeforeEach
  void builtCheckout() throws IOException {
    root = Files.createDirectory(directory.toRealPath().resolve("checkout"));
    elsewhere = Files.createDirectory(directory.toRealPath().resolve("elsewhere"));
    Files.copy(
        Path.of("../holdfast"), root.resolve("holdfast"), StandardCopyOption.COPY_ATTRIBUTES);
    var build = Files.createDirectory(root.resolve("build-support")).resolve("build-app");
    Files.writeString(build, "#!/bin/sh\necho \"builds $1\"\nexit 7\n");
    assertThat(build.toFile().setExecutable(true)).isTrue();
    launchOf(root);
  }

  private void launchOf(Path builtRoot) throws IOException {
    var generation = Files.createDirectories(root.resolve("cli/target/app/1.1"));
    var classpath =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    Files.writeString(generation.resolve("classpath"), classpath + "\n");
    var java = Path.of(System.getProperty("java.home"), "bin", "java");
    Files.writeString(
        root.resolve("cli/target/app/launch"), builtRoot + "\n" + java + "\n" + generation + "\n");
  }

  @Test
  void itRunsFromAnotherDirectory() throws Exception {
    var run = launch(NO_BUILD, root.resolve("holdfast"), "version");
    assertThat(run.output()).startsWith("holdfast ");
    assertThat(run.code()).isZero();
  }

  @Test
  void itRunsThroughSymbolicLinks() throws Exception {
    var near = Files.createSymbolicLink(elsewhere.resolve("near"), Path.of("../checkout/holdfast"));
    var far = Files.createSymbolicLink(directory.resolve("far"), near);
    var run = launch(NO_BUILD, far, "version");
    assertThat(run.output()).startsWith("holdfast ");
    assertThat(run.code()).isZero();
  }

  @Test
  void itEndsAsTheProgramDoes() throws Exception {
    assertThat(launch(NO_BUILD, root.resolve("holdfast"), "verison").code()).isEqualTo(2);
  }

  @Test
  void aSourceThatIsNewerThanTheBuildIsBuiltFirst() throws Exception {
    var launch = root.resolve("cli/target/app/launch");
    assertThat(launch(Map.of(), root.resolve("holdfast"), "version").code()).isZero();
    assertThat(launch.toFile().setLastModified(1_000_000_000L)).isTrue();
    Files.writeString(root.resolve("pom.xml"), "<project/>");
    var run = launch(Map.of(), root.resolve("holdfast"), "version");
    assertThat(run.output()).isEqualTo("builds " + root + "\n");
    assertThat(run.code()).isEqualTo(7);
    assertThat(launch(NO_BUILD, root.resolve("holdfast"), "version").code()).isZero();
  }

  @Test
  void aBuildOfAnotherPlaceIsNotTaken() throws Exception {
    launchOf(elsewhere);
    assertThat(launch(NO_BUILD, root.resolve("holdfast"), "version").code()).isEqualTo(7);
  }

  private Program launch(Map<String, String> env, Path launcher, String command)
      throws IOException, InterruptedException {
    return Program.run(elsewhere, env, List.of(launcher.toString(), command));
  }
}

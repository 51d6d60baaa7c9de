package dev.holdfast.e2e.functional;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A server of the test's own with the workbench {@code w}, of which nothing may be left. */
abstract class LiveWorkbench {
  @TempDir Path temp;
  Cli cli;

  @BeforeEach
  void begin() throws Exception {
    cli = new Cli(Files.createDirectory(temp.resolve("home")));
    cli.run(temp, "workbench", "create", "--name", "w").orFail();
  }

  @AfterEach
  void end() throws Exception {
    cli.run(temp, "server", "stop").orFail();
    assertThat(Leftovers.ofServers(temp.resolve("home"))).isEmpty();
  }
}

package dev.holdfast.e2e.functional;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A state directory whose server is ended after each test, and must leave nothing. */
abstract class WithServer {
  @TempDir Path temp;
  Path home;
  Cli cli;

  @BeforeEach
  void begin() throws IOException {
    home = Files.createDirectory(temp.resolve("home"));
    cli = new Cli(home);
  }

  @AfterEach
  void end() throws Exception {
    cli.run(temp, "server", "stop").orFail();
    assertThat(Leftovers.ofServers(home)).isEmpty();
  }
}

package dev.holdfast.e2e.functional;

import org.junit.jupiter.api.BeforeEach;

/** One workbench of a server, by the name {@code w}. */
abstract class LiveWorkbench extends WithServer {
  @BeforeEach
  void createWorkbench() throws Exception {
    cli.run(temp, "workbench", "create", "--name", "w").orFail();
  }
}

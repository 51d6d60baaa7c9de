package dev.holdfast.testkit.workbench;

import dev.holdfast.workbench.Workbench;
import dev.holdfast.workbench.WorkbenchEngine;
import dev.holdfast.workbench.WorkbenchSpec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What every layer's workbenches do, also where no program of a machine runs. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(120)
public abstract class LayerContract implements WithoutAShell {
  private @Nullable Path directory;
  private @Nullable WorkbenchEngine engine;
  private @Nullable Workbench workbench;
  private @Nullable Path workspace;

  /** The driver's engine over a state directory. */
  protected abstract WorkbenchEngine open(Path home);

  @Override
  public Set<Difference> differences() {
    return Set.of();
  }

  @BeforeAll
  void begin(@TempDir Path temporary) {
    directory = temporary;
    engine = open(home());
    workspace = newWorkspace();
    workbench = engine.create(WorkbenchSpec.over(workspace, CAPS));
  }

  @AfterAll
  void end() {
    if (engine != null) {
      engine.close();
    }
  }

  /** The engine's state directory. */
  protected Path home() {
    return present(directory).resolve("home");
  }

  @Override
  public WorkbenchEngine engine() {
    return present(engine);
  }

  @Override
  public Workbench workbench() {
    return present(workbench);
  }

  @Override
  public Path workspace() {
    return present(workspace);
  }

  @Override
  public Path newWorkspace() {
    try {
      Path made = Files.createTempDirectory(present(directory), "workspace");
      Files.setAttribute(made, "unix:mode", 0755);
      Files.setAttribute(made, "unix:uid", engine().owner());
      Files.setAttribute(made, "unix:gid", engine().owner());
      return made;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static <T> T present(@Nullable T part) {
    if (part == null) {
      throw new IllegalStateException("the contract's fixture has not begun");
    }
    return part;
  }
}

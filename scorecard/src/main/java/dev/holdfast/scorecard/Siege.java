package dev.holdfast.scorecard;

import dev.holdfast.files.HostFiles;
import dev.holdfast.workbench.Caps;
import dev.holdfast.workbench.FileError;
import dev.holdfast.workbench.Layer;
import dev.holdfast.workbench.Workbench;
import dev.holdfast.workbench.WorkbenchEngine;
import dev.holdfast.workbench.WorkbenchException;
import dev.holdfast.workbench.WorkbenchSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Attacks on one layer, one after the other. They share a workbench as long as each leaves it as it
 * was; those that use one up get their own. Beside them lives another run's workbench.
 */
public final class Siege implements AutoCloseable {
  /** Small enough that attacks on limits end soon. */
  public static final Caps CAPS =
      new Caps(256L << 20, 2, 64, 8L << 20, 256, 16L << 20, 64L << 10, Duration.ofSeconds(20));

  /** What modules have for files too: they are in memory, and filling it takes a while. */
  private static final long MODULE_BYTES = 16L << 20;

  private final WorkbenchEngine engine;
  private final Caps caps;
  private final Path directory;
  private final Workbench neighbour;
  private final Bait bait;
  private final Assault assault;
  private @Nullable Workbench shared;

  private Siege(WorkbenchEngine engine, Path directory, Workbench neighbour, Bait bait) {
    this.engine = engine;
    this.caps = caps(engine);
    this.directory = directory;
    this.neighbour = neighbour;
    this.bait = bait;
    this.assault = new Assault(bait, caps, engine.layer());
  }

  /**
   * Lays the bait out and makes the neighbour.
   *
   * @throws WorkbenchException when the layer makes no workbench
   */
  public static Siege begin(WorkbenchEngine engine) throws IOException {
    Path directory = Files.createTempDirectory("holdfast-scorecard-");
    try {
      // Open to everybody, so that nothing but the layer protects the bait.
      Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
      return begin(engine, directory);
    } catch (IOException | RuntimeException e) {
      HostFiles.delete(directory);
      throw e;
    }
  }

  private static Siege begin(WorkbenchEngine engine, Path directory) throws IOException {
    Path workspace = workspace(engine, directory.resolve("neighbour"));
    Path file = owned(engine, Files.writeString(workspace.resolve("file"), "of another run"));
    Workbench neighbour = engine.create(WorkbenchSpec.over(workspace, CAPS));
    try {
      return new Siege(engine, directory, neighbour, Bait.lay(directory, file));
    } catch (IOException | RuntimeException e) {
      neighbour.close();
      throw e;
    }
  }

  private static Caps caps(WorkbenchEngine engine) {
    return engine.layer() == Layer.WASM ? CAPS.withMemoryBytes(MODULE_BYTES) : CAPS;
  }

  /** Makes one attack and judges it. */
  public Verdict make(Attack attack) {
    try {
      return attack.place() == Attack.Place.OWN ? alone(attack) : among(attack);
    } catch (WorkbenchException | FileError | IOException e) {
      return new Verdict.Unclear(List.of("the attack could not be made: " + e.getMessage()));
    }
  }

  /** Over a directory of the host, like every workbench of a run. */
  private Verdict alone(Attack attack) throws IOException {
    Path workspace = workspace(engine, directory.resolve("of-" + attack));
    try (Workbench own = engine.create(WorkbenchSpec.over(workspace, caps))) {
      return assault.make(attack, own);
    }
  }

  private static Path workspace(WorkbenchEngine engine, Path path) throws IOException {
    return owned(engine, Files.createDirectories(path));
  }

  private static Path owned(WorkbenchEngine engine, Path path) throws IOException {
    Files.setAttribute(path, "unix:uid", engine.owner());
    Files.setAttribute(path, "unix:gid", engine.owner());
    return path;
  }

  /** After anything but a refusal nobody knows what the next attack would find there. */
  private Verdict among(Attack attack) {
    Workbench workbench = shared != null ? shared : engine.create(WorkbenchSpec.empty(caps));
    shared = workbench;
    Verdict verdict = assault.make(attack, workbench);
    if (!(verdict instanceof Verdict.Held)) {
      shared = null;
      workbench.close();
    }
    return verdict;
  }

  @Override
  public void close() throws IOException {
    try (bait;
        neighbour) {
      if (shared != null) {
        shared.close();
      }
    } finally {
      HostFiles.delete(directory);
    }
  }
}

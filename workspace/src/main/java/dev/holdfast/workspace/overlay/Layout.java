package dev.holdfast.workspace.overlay;

import dev.holdfast.workspace.CommitId;
import dev.holdfast.workspace.WorkspaceException;
import dev.holdfast.workspace.WorkspaceId;
import dev.holdfast.workspace.WorkspaceSpec;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Properties;

/** Where the parts of one workspace are. */
record Layout(Path directory) {
  Path image() {
    return directory.resolve("disk.ext4");
  }

  Path disk() {
    return directory.resolve("disk");
  }

  Path upper() {
    return disk().resolve("upper");
  }

  Path work() {
    return disk().resolve("work");
  }

  Path tree() {
    return directory.resolve("tree");
  }

  Path owner() {
    return directory.resolve("owner");
  }

  Path checkpoints() {
    return directory.resolve("checkpoints");
  }

  Path scratch() {
    return directory.resolve("scratch");
  }

  /** Names the checkpoint that a rollback was returning to; gone when it was done. */
  Path rollback() {
    return directory.resolve("rollback");
  }

  private Path record() {
    return directory.resolve("workspace.properties");
  }

  /** Whether creation was finished. */
  boolean complete() {
    return Files.exists(record());
  }

  /** What is kept of a workspace. */
  record Saved(WorkspaceSpec spec, Source source, CommitId base) {}

  void save(Saved saved) throws IOException {
    var properties = new Properties();
    properties.setProperty("repository", saved.spec().repository());
    properties.setProperty("revision", saved.spec().revision());
    properties.setProperty("branch", saved.spec().branch());
    properties.setProperty("includeDirty", Boolean.toString(saved.spec().includeDirty()));
    properties.setProperty("diskBytes", Long.toString(saved.spec().diskBytes()));
    properties.setProperty("base", saved.base().value());
    properties.setProperty("address", saved.source().address());
    if (saved.source() instanceof Source.Local local) {
      properties.setProperty("gitDir", local.gitDir().toString());
    }
    var text = new StringWriter();
    properties.store(text, null);
    Path fresh = directory.resolve("workspace.properties.new");
    Files.writeString(fresh, text.toString());
    Files.move(fresh, record(), StandardCopyOption.ATOMIC_MOVE);
  }

  Saved read(WorkspaceId id) throws IOException {
    if (!complete()) {
      throw new WorkspaceException("workspace `%s` does not exist".formatted(id));
    }
    var properties = new Properties();
    properties.load(new StringReader(Files.readString(record())));
    var spec =
        new WorkspaceSpec(
            id,
            properties.getProperty("repository"),
            properties.getProperty("revision"),
            properties.getProperty("branch"),
            Boolean.parseBoolean(properties.getProperty("includeDirty")),
            Long.parseLong(properties.getProperty("diskBytes")));
    return new Saved(spec, source(properties), new CommitId(properties.getProperty("base")));
  }

  private static Source source(Properties properties) {
    String address = properties.getProperty("address");
    String gitDir = properties.getProperty("gitDir", "");
    return gitDir.isEmpty()
        ? new Source.Remote(address)
        : new Source.Local(Path.of(address), Path.of(gitDir));
  }
}

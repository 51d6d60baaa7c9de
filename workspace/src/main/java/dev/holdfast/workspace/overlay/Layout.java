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
import java.util.HashMap;
import java.util.Map;
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
  record Saved(WorkspaceSpec spec, Source source, CommitId base) {
    /** The same with another branch. */
    Saved on(String branch) {
      var other =
          new WorkspaceSpec(
              spec.id(),
              spec.repository(),
              spec.revision(),
              branch,
              spec.includeDirty(),
              spec.diskBytes());
      return new Saved(other, source, base);
    }

    Map<String, String> asText() {
      var text = new HashMap<String, String>();
      text.put("repository", spec.repository());
      text.put("revision", spec.revision());
      text.put("branch", spec.branch());
      text.put("includeDirty", Boolean.toString(spec.includeDirty()));
      text.put("diskBytes", Long.toString(spec.diskBytes()));
      text.put("base", base.value());
      text.put("address", source.address());
      if (source instanceof Source.Local local) {
        text.put("gitDir", local.gitDir().toString());
      }
      return Map.copyOf(text);
    }

    /**
     * @throws WorkspaceException when something is missing
     */
    static Saved of(WorkspaceId id, Map<String, String> text) {
      var spec =
          new WorkspaceSpec(
              id,
              required(text, "repository"),
              required(text, "revision"),
              required(text, "branch"),
              Boolean.parseBoolean(required(text, "includeDirty")),
              Long.parseLong(required(text, "diskBytes")));
      return new Saved(spec, sourceOf(text), new CommitId(required(text, "base")));
    }
  }

  void save(Saved saved) throws IOException {
    var properties = new Properties();
    properties.putAll(saved.asText());
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
    var text = new HashMap<String, String>();
    properties.stringPropertyNames().forEach(it -> text.put(it, properties.getProperty(it)));
    return Saved.of(id, text);
  }

  private static String required(Map<String, String> text, String name) {
    String value = text.get(name);
    if (value == null) {
      throw new WorkspaceException("what is kept of the workspace has no `%s`".formatted(name));
    }
    return value;
  }

  private static Source sourceOf(Map<String, String> text) {
    String address = required(text, "address");
    String gitDir = text.getOrDefault("gitDir", "");
    return gitDir.isEmpty()
        ? new Source.Remote(address)
        : new Source.Local(Path.of(address), Path.of(gitDir));
  }
}

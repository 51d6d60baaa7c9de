package dev.holdfast.workbench.checkpoint;

import dev.holdfast.digest.Sha256;
import dev.holdfast.workbench.Layer;
import dev.holdfast.workbench.WorkbenchCheckpoint;
import dev.holdfast.workbench.WorkbenchCheckpoint.Content;
import dev.holdfast.workbench.WorkbenchException;
import dev.holdfast.workbench.WorkbenchId;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The directory of one checkpoint: {@code files.tar} unless there was no workspace, {@code memory}
 * if that was saved, and {@code checkpoint.json}, which is written last.
 */
record Saved(Path directory, WorkbenchId workbench, Layer layer, Content content, Facts facts) {
  static final String ABOUT = "checkpoint.json";
  private static final JsonMapper JSON = JsonMapper.shared();

  /**
   * What only the one who goes on needs.
   *
   * @param kind the digest of what a workbench must be for the memory to go on in it
   * @param lastStream the highest number that a stream of the channel has had
   * @param notes of whoever took it
   */
  record Facts(Instant taken, String kind, int lastStream, SortedMap<String, String> notes) {
    Facts(Instant taken, String kind, int lastStream, Map<String, String> notes) {
      this(taken, kind, lastStream, new TreeMap<>(notes));
    }
  }

  Path files() {
    return directory.resolve("files.tar");
  }

  Path memory() {
    return directory.resolve("memory");
  }

  /** Writes down what the directory holds now. */
  void describe() throws IOException {
    ObjectNode about = JSON.createObjectNode();
    about.put("workbench", workbench.value()).put("layer", layer.name());
    about.put("content", content.name()).put("taken", facts.taken().toString());
    about.put("kind", facts.kind()).put("lastStream", facts.lastStream());
    ObjectNode notes = about.putObject("notes");
    facts.notes().forEach(notes::put);
    about.put("digest", digest());
    Files.write(directory.resolve(ABOUT), JSON.writeValueAsBytes(about));
  }

  static Saved read(Path directory) throws IOException {
    JsonNode about = about(directory);
    try {
      var facts =
          new Facts(
              Instant.parse(about.get("taken").asString()),
              about.get("kind").asString(),
              about.get("lastStream").asInt(),
              notes(about.get("notes")));
      return new Saved(
          directory,
          new WorkbenchId(about.get("workbench").asString()),
          Layer.valueOf(about.get("layer").asString()),
          Content.valueOf(about.get("content").asString()),
          facts);
    } catch (RuntimeException e) {
      throw new IOException("`%s` is damaged: %s".formatted(directory.resolve(ABOUT), e), e);
    }
  }

  private static Map<String, String> notes(JsonNode about) {
    var notes = new TreeMap<String, String>();
    about.properties().forEach(note -> notes.put(note.getKey(), note.getValue().asString()));
    return notes;
  }

  private static JsonNode about(Path directory) throws IOException {
    Path file = directory.resolve(ABOUT);
    try {
      return JSON.readTree(Files.readAllBytes(file));
    } catch (JacksonException e) {
      throw new IOException("`%s` is damaged: %s".formatted(file, e.getMessage()), e);
    }
  }

  WorkbenchCheckpoint shown() throws IOException {
    return new WorkbenchCheckpoint(
        new WorkbenchCheckpoint.Id(directory.getFileName().toString()),
        workbench,
        layer,
        content,
        facts.taken(),
        about(directory).path("digest").asString(""),
        bytes(),
        directory,
        facts.notes());
  }

  /**
   * Looks at every byte.
   *
   * @throws WorkbenchException when something is not as it was written
   */
  void verify() throws IOException {
    if (!digest().equals(about(directory).path("digest").asString(""))) {
      throw new WorkbenchException(
          "checkpoint `%s` has been changed since it was taken: it is not restored"
              .formatted(directory.getFileName()));
    }
  }

  long bytes() throws IOException {
    long sum = 0;
    for (Path file : parts()) {
      sum += Files.size(file);
    }
    return sum;
  }

  private String digest() throws IOException {
    MessageDigest all = Sha256.start();
    String known =
        "%s %s %s %s %s %d\n"
            .formatted(workbench, layer, content, facts.taken(), facts.kind(), facts.lastStream());
    all.update(known.getBytes(StandardCharsets.UTF_8));
    all.update(JSON.writeValueAsBytes(facts.notes()));
    for (Path file : parts()) {
      String line = "%s %s\n".formatted(directory.relativize(file), digest(file));
      all.update(line.getBytes(StandardCharsets.UTF_8));
    }
    return "sha256:" + Sha256.hex(all);
  }

  private List<Path> parts() throws IOException {
    try (Stream<Path> below = Files.walk(directory)) {
      return below
          .filter(Files::isRegularFile)
          .filter(file -> !file.endsWith(ABOUT))
          .sorted()
          .toList();
    }
  }

  private static String digest(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file);
        var out = new DigestOutputStream(OutputStream.nullOutputStream(), Sha256.start())) {
      in.transferTo(out);
      return Sha256.hex(out.getMessageDigest());
    }
  }
}

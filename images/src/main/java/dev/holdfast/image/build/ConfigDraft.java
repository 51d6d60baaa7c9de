package dev.holdfast.image.build;

import dev.holdfast.image.Digest;
import dev.holdfast.image.ImageException;
import dev.holdfast.image.Platform;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** An image's configuration under way; what is not touched stays as its base has it. */
final class ConfigDraft {
  private static final String CREATED = "created";

  private final ObjectNode all;

  private ConfigDraft(ObjectNode all) {
    this.all = all;
  }

  static ConfigDraft empty(Platform platform) {
    ObjectNode all = JsonMapper.shared().createObjectNode();
    all.put("os", platform.os()).put("architecture", platform.architecture());
    return new ConfigDraft(all);
  }

  /** Of a configuration that has been read and checked before. */
  static ConfigDraft of(byte[] json) {
    return new ConfigDraft((ObjectNode) JsonMapper.shared().readTree(json));
  }

  /** A second one that goes its own way. */
  ConfigDraft copy() {
    return new ConfigDraft(all.deepCopy());
  }

  private ObjectNode config() {
    return all.get("config") instanceof ObjectNode config ? config : all.putObject("config");
  }

  Map<String, String> env() {
    var env = new LinkedHashMap<String, String>();
    for (JsonNode line : config().path("Env")) {
      String[] sides = line.asString().split("=", 2);
      env.put(sides[0], sides[1]);
    }
    return env;
  }

  void env(Map<String, String> more) {
    Map<String, String> env = env();
    env.putAll(more);
    ArrayNode lines = config().putArray("Env");
    env.forEach((name, value) -> lines.add(name + "=" + value));
  }

  String user() {
    return config().path("User").asString("");
  }

  void user(String user) {
    config().put("User", user);
  }

  /** Absolute. */
  String directory() {
    String directory = config().path("WorkingDir").asString("");
    return directory.isEmpty() ? "/" : directory;
  }

  void directory(String directory) {
    config().put("WorkingDir", directory);
  }

  void command(List<String> argv) {
    strings("Cmd", argv);
  }

  void noCommand() {
    config().remove("Cmd");
  }

  void entrypoint(List<String> argv) {
    strings("Entrypoint", argv);
  }

  void shell(List<String> argv) {
    strings("Shell", argv);
  }

  List<String> shell() {
    var shell = new ArrayList<String>();
    config().path("Shell").forEach(word -> shell.add(word.asString()));
    return shell.isEmpty() ? List.of("/bin/sh", "-c") : shell;
  }

  private void strings(String field, List<String> words) {
    ArrayNode array = config().putArray(field);
    words.forEach(array::add);
  }

  void labels(Map<String, String> more) {
    ObjectNode labels = object("Labels");
    more.forEach(labels::put);
  }

  /** A field that is an object of empty objects: ports, volumes. */
  void mark(String field, String name) {
    object(field).putObject(name);
  }

  private ObjectNode object(String field) {
    return config().get(field) instanceof ObjectNode there ? there : config().putObject(field);
  }

  void stopSignal(String signal) {
    config().put("StopSignal", signal);
  }

  /**
   * @throws ImageException when the base has steps for images made of it
   */
  void refuseTriggers() {
    if (config().path("OnBuild").size() > 0) {
      throw new ImageException(
          "the base image has `ONBUILD` steps, which are not understood: write them into the"
              + " Dockerfile");
    }
  }

  /**
   * @param created of a step that made a layer; empty for one that did not
   */
  void history(String text, Optional<String> created) {
    ArrayNode history =
        all.get("history") instanceof ArrayNode there ? there : all.putArray("history");
    ObjectNode step = history.addObject();
    created.ifPresent(time -> step.put(CREATED, time));
    step.put("created_by", text);
    if (created.isEmpty()) {
      step.put("empty_layer", true);
    } else {
      all.put(CREATED, created.get());
    }
  }

  byte[] write(List<Digest> diffIds) {
    ObjectNode rootfs = all.putObject("rootfs");
    ArrayNode ids = rootfs.put("type", "layers").putArray("diff_ids");
    diffIds.forEach(id -> ids.add(id.toString()));
    return JsonMapper.shared().writeValueAsBytes(all);
  }
}

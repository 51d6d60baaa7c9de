package dev.holdfast.image.build;

import dev.holdfast.image.Digest;
import dev.holdfast.image.format.Descriptor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a stage has come to so far. */
final class Stage {
  private final ConfigDraft config;
  private final List<Descriptor> layers;
  private final List<Digest> diffIds;
  private final Map<String, String> arguments = new LinkedHashMap<>();
  private Optional<StageTree> tree = Optional.empty();
  private boolean ownCommand;

  Stage(ConfigDraft config, List<Descriptor> layers, List<Digest> diffIds) {
    this.config = config;
    this.layers = new ArrayList<>(layers);
    this.diffIds = new ArrayList<>(diffIds);
  }

  /** Another stage that begins as this one is now. */
  Stage continued() {
    return new Stage(config.copy(), layers, diffIds);
  }

  ConfigDraft config() {
    return config;
  }

  List<Descriptor> layers() {
    return layers;
  }

  List<Digest> diffIds() {
    return diffIds;
  }

  /** The values of the {@code ARG}s so far. */
  Map<String, String> arguments() {
    return arguments;
  }

  Optional<StageTree> tree() {
    return tree;
  }

  void tree(StageTree made) {
    tree = Optional.of(made);
  }

  /** What a variable stands for; nothing when it is not known. */
  String variable(String name) {
    return config.env().getOrDefault(name, arguments.getOrDefault(name, ""));
  }

  /** A layer, which is not compressed: it is what it unpacks to. */
  void add(Descriptor layer) {
    layers.add(layer);
    diffIds.add(layer.digest());
  }

  /** A command of the base does not fit an entry point of this stage. */
  void entrypoint(List<String> argv) {
    config.entrypoint(argv);
    if (!ownCommand) {
      config.noCommand();
    }
  }

  void command(List<String> argv) {
    config.command(argv);
    ownCommand = true;
  }

  /** What every step of this stage depends on. */
  StepKey key() {
    var key = new StepKey();
    diffIds.forEach(key::add);
    return key;
  }
}

package dev.holdfast.image.build;

import dev.holdfast.image.Digest;
import dev.holdfast.image.ImageException;
import dev.holdfast.image.Platform;
import dev.holdfast.image.build.Dockerfile.Section;
import dev.holdfast.image.store.ImageDraft;
import dev.holdfast.image.store.StoredImage;
import dev.holdfast.image.unpack.FileTree;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** One build: its stages, each made when it is needed. Confined to one thread. */
final class Build implements AutoCloseable {
  private static final String SCRATCH = "scratch";
  private static final int MOST_IGNORED = 1 << 20;

  private final Dockerfile dockerfile;
  private final BuildRequest request;
  private final ImageDraft draft;
  private final BuildPlace place;
  private final BuildListener listener;
  private final FileTree context;
  private final IgnoreRules ignored;
  private final Map<Integer, Stage> stages = new LinkedHashMap<>();
  private final Map<String, Stage> images = new HashMap<>();
  private final Set<String> used = new HashSet<>();
  private final List<StageTree> trees = new ArrayList<>();

  Build(
      Dockerfile dockerfile,
      BuildRequest request,
      ImageDraft draft,
      BuildPlace place,
      BuildListener listener)
      throws IOException {
    this.dockerfile = dockerfile;
    this.request = request;
    this.draft = draft;
    this.place = place;
    this.listener = listener;
    this.context = new FileTree(request.context(), FileTree.Links.REFUSED);
    this.ignored = ignored();
  }

  private IgnoreRules ignored() throws IOException {
    Optional<FileTree.Entry> file = context.find(context.resolve(".dockerignore"));
    if (file.isEmpty()) {
      return IgnoreRules.none();
    }
    try (InputStream in = context.read(file.get())) {
      return IgnoreRules.read(new String(in.readNBytes(MOST_IGNORED), StandardCharsets.UTF_8));
    }
  }

  BuildRequest request() {
    return request;
  }

  ImageDraft draft() {
    return draft;
  }

  BuildPlace place() {
    return place;
  }

  BuildListener listener() {
    return listener;
  }

  FileTree context() {
    return context;
  }

  IgnoreRules ignoreRules() {
    return ignored;
  }

  Words words() {
    return dockerfile.words();
  }

  /** The stage of that number, made unless it is. */
  Stage stage(int index) throws IOException {
    Stage there = stages.get(index);
    if (there != null) {
      return there;
    }
    Section section = dockerfile.stages().get(index);
    Stage stage = base(section, index);
    var steps = new Steps(this, stage, index);
    steps.begin();
    for (Instruction step : section.steps()) {
      steps.take(step);
    }
    stages.put(index, stage);
    return stage;
  }

  private Stage base(Section section, int index) throws IOException {
    Instruction from = section.from();
    String written = from.rest().split("\\s+", 2)[0];
    Map<String, String> globals = globals();
    String name = words().expand(written, variable -> globals.getOrDefault(variable, ""));
    listener.step("FROM " + name, false);
    if (name.isEmpty()) {
      throw from.wrong("`%s` stands for nothing".formatted(written));
    }
    if (name.equals(SCRATCH)) {
      return new Stage(ConfigDraft.empty(Platform.ofHost()), List.of(), List.of());
    }
    Optional<Integer> before = named(name, index);
    return before.isPresent() ? stage(before.get()).continued() : image(name).continued();
  }

  /** The values of the {@code ARG}s before the first stage. */
  Map<String, String> globals() {
    var globals = new LinkedHashMap<String, String>();
    for (Instruction argument : dockerfile.before()) {
      argument
          .words(words(), name -> globals.getOrDefault(name, ""))
          .forEach(word -> declare(word, globals, Map.of()));
    }
    return globals;
  }

  /** Takes up one {@code NAME} or {@code NAME=VALUE}; what the user gives counts more. */
  void declare(String word, Map<String, String> into, Map<String, String> otherwise) {
    int equals = word.indexOf('=');
    String name = equals < 0 ? word : word.substring(0, equals);
    String given = request.arguments().get(name);
    if (given != null) {
      used.add(name);
      into.put(name, given);
    } else if (equals >= 0) {
      into.put(name, word.substring(equals + 1));
    } else if (otherwise.containsKey(name)) {
      into.put(name, otherwise.get(name));
    }
  }

  void noteUnusedArguments() {
    request.arguments().keySet().stream()
        .filter(name -> !used.contains(name) && !name.equals(Steps.EPOCH))
        .sorted()
        .forEach(name -> listener.note("no `ARG` takes build argument `%s`".formatted(name)));
  }

  private Optional<Integer> named(String name, int before) {
    for (int i = 0; i < before; i++) {
      if (dockerfile.stages().get(i).name().equalsIgnoreCase(name)) {
        return Optional.of(i);
      }
    }
    return Optional.empty();
  }

  /** What {@code COPY --from} means: an earlier stage by name or number, or an image. */
  Stage other(String name, int before) throws IOException {
    Optional<Integer> stage = named(name, before);
    if (stage.isEmpty() && name.matches("[0-9]{1,4}") && Integer.parseInt(name) < before) {
      stage = Optional.of(Integer.parseInt(name));
    }
    return stage.isPresent() ? stage(stage.get()) : image(name);
  }

  private Stage image(String name) throws IOException {
    Stage there = images.get(name);
    if (there != null) {
      return there;
    }
    StoredImage image = place.image(name);
    draft.begin(image);
    List<Digest> diffIds = image.config().diffIds();
    if (diffIds.size() != image.manifest().layers().size()) {
      throw new ImageException("image `%s` is not whole".formatted(name));
    }
    var config = ConfigDraft.of(draft.config(image));
    config.refuseTriggers();
    var stage = new Stage(config, image.manifest().layers(), diffIds);
    images.put(name, stage);
    return stage;
  }

  /** A stage's files as they are now. */
  StageTree tree(Stage stage) throws IOException {
    if (stage.tree().isEmpty()) {
      var made = new StageTree(place.room().resolve("tree-" + trees.size()), draft);
      trees.add(made);
      stage.tree(made);
    }
    StageTree tree = stage.tree().orElseThrow();
    tree.upTo(stage.layers(), stage.diffIds());
    return tree;
  }

  @Override
  public void close() {
    trees.forEach(StageTree::close);
    context.close();
  }
}

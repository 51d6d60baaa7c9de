package dev.holdfast.image.build;

import dev.holdfast.image.Digest;
import dev.holdfast.image.ImageException;
import dev.holdfast.image.format.Descriptor;
import dev.holdfast.image.format.MediaType;
import dev.holdfast.image.store.ImageDraft;
import dev.holdfast.image.unpack.Account;
import dev.holdfast.image.unpack.FileTree;
import dev.holdfast.workbench.Root;
import dev.holdfast.workbench.WorkbenchSpec;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;

/** The steps of one stage, taken in turn. */
final class Steps {
  /** The argument that makes layers the same whenever they are made: no time in them is later. */
  static final String EPOCH = "SOURCE_DATE_EPOCH";

  private static final long OUTPUT = 64L << 20;
  private static final String PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

  private final Build build;
  private final Stage stage;
  private final int index;
  private int runs;

  Steps(Build build, Stage stage, int index) {
    this.build = build;
    this.stage = stage;
    this.index = index;
  }

  /** What a step does where it was not done before: it may write a layer. */
  private interface Work {
    Optional<Descriptor> layer() throws IOException;
  }

  void begin() {
    String epoch = build.request().arguments().get(EPOCH);
    if (epoch != null && !epoch.matches("[0-9]{1,11}")) {
      throw new ImageException(
          "`%s` is no value for `%s`: seconds since 1970 are".formatted(epoch, EPOCH));
    }
  }

  private Optional<Long> epoch() {
    return Optional.ofNullable(build.request().arguments().get(EPOCH)).map(Long::valueOf);
  }

  void take(Instruction step) throws IOException {
    try {
      switch (step.keyword()) {
        case RUN -> run(step);
        case COPY, ADD -> copy(step);
        case WORKDIR -> directory(step);
        default -> {
          build.listener().step(step.text(), false);
          setting(step);
          stage.config().history(step.text(), Optional.empty());
        }
      }
    } catch (ImageException e) {
      String message = String.valueOf(e.getMessage());
      throw message.startsWith(step.file() + ":") ? e : step.wrong(message);
    }
  }

  private void setting(Instruction step) {
    ConfigDraft config = stage.config();
    switch (step.keyword()) {
      case ARG -> arguments(step);
      case ENV -> config.env(pairs(step));
      case LABEL -> config.labels(pairs(step));
      case USER -> config.user(word(step));
      case CMD -> stage.command(argv(step));
      case ENTRYPOINT -> stage.entrypoint(argv(step));
      case SHELL -> config.shell(step.array().orElseThrow());
      case EXPOSE ->
          words(step)
              .forEach(
                  port -> config.mark("ExposedPorts", port.contains("/") ? port : port + "/tcp"));
      case VOLUME -> {
        step.array().orElseGet(() -> words(step)).forEach(path -> config.mark("Volumes", path));
        build.listener().note("a volume is an ordinary directory in a workbench");
      }
      case STOPSIGNAL -> config.stopSignal(word(step));
      case HEALTHCHECK, MAINTAINER ->
          build.listener().note("%s has no effect here".formatted(step.keyword()));
      case FROM, RUN, COPY, ADD, WORKDIR -> throw new AssertionError(step.keyword());
    }
  }

  private String word(Instruction step) {
    return step.word(build.words(), stage::variable);
  }

  private List<String> words(Instruction step) {
    return step.words(build.words(), stage::variable);
  }

  private void arguments(Instruction step) {
    for (String word : words(step)) {
      build.declare(word, stage.arguments(), build.globals());
    }
  }

  /** {@code NAME=VALUE}s, or one {@code NAME VALUE}. */
  private Map<String, String> pairs(Instruction step) {
    String[] old = step.rest().split("\\s+", 2);
    var pairs = new LinkedHashMap<String, String>();
    if (!old[0].contains("=")) {
      if (old.length < 2) {
        throw step.wrong("`%s` is not understood: `NAME=VALUE` is".formatted(step.rest()));
      }
      pairs.put(old[0], build.words().expand(old[1], stage::variable));
      return pairs;
    }
    for (String word : words(step)) {
      int equals = word.indexOf('=');
      if (equals < 1) {
        throw step.wrong("`%s` is not understood: `NAME=VALUE` is".formatted(word));
      }
      pairs.put(word.substring(0, equals), word.substring(equals + 1));
    }
    return pairs;
  }

  /** Words as they are, or a command for the shell. */
  private List<String> argv(Instruction step) {
    return step.array().orElseGet(() -> shell(step.rest()));
  }

  private List<String> shell(String command) {
    return Stream.concat(stage.config().shell().stream(), Stream.of(command)).toList();
  }

  private void run(Instruction step) throws IOException {
    List<String> argv = script(step).map(this::shell).orElseGet(() -> argv(step));
    var env = new LinkedHashMap<String, String>(stage.arguments());
    env.putAll(stage.config().env());
    env.putIfAbsent("PATH", PATH);
    StepKey key = stage.key().add(step.keyword()).add(argv.size());
    argv.forEach(key::add);
    env.forEach((name, value) -> key.add(name).add(value));
    key.add(stage.config().user()).add(stage.config().directory());
    done(step, key, () -> Optional.of(run(argv, env)));
  }

  /** What the shell is to read where here-documents follow. */
  private static Optional<String> script(Instruction step) {
    if (step.script().isEmpty()) {
      return Optional.empty();
    }
    if (!step.rest().matches("<<-?['\"]?\\w+['\"]?")) {
      return Optional.of(step.rest() + "\n" + step.script());
    }
    if (step.script().startsWith("#!")) {
      throw step.wrong("a here-document with `#!` is not understood: it is read by the shell");
    }
    String lines = step.script().stripTrailing();
    return Optional.of(lines.substring(0, lines.lastIndexOf('\n') + 1));
  }

  private Descriptor run(List<String> argv, Map<String, String> env) throws IOException {
    StageTree tree = build.tree(stage);
    tree.unpacker().places(ChangesLayer.OWN);
    Account account = tree.unpacker().account(stage.config().user());
    env.putIfAbsent("HOME", tree.unpacker().home(account.uid()).orElse("/"));
    Path room = build.place().room().resolve("run-%d-%d".formatted(index, runs++));
    Path changes = StageTree.own(Files.createDirectories(room.resolve("changes")));
    Path work = Files.createDirectory(room.resolve("work"));
    var root = new Root.Draft(tree.directory(), changes, work, env, account.uid(), account.gid());
    var caps = build.request().caps().withOutputBytes(OUTPUT);
    try (var workbench = build.place().workbench(WorkbenchSpec.empty(caps).on(root))) {
      new RunStep(build.listener()).run(workbench, argv, stage.config().directory(), caps);
    }
    try (var files = new FileTree(changes, FileTree.Links.REFUSED)) {
      return build
          .draft()
          .add(
              out -> {
                int leftOut = new ChangesLayer(files, tar(out)).write();
                if (leftOut > 0) {
                  build.listener().note("%d devices, pipes or sockets left out".formatted(leftOut));
                }
              });
    }
  }

  private LayerTar tar(OutputStream out) throws IOException {
    long room = Files.getFileStore(build.place().room()).getTotalSpace();
    return new LayerTar(out, epoch().orElse(Long.MAX_VALUE), room);
  }

  private void copy(Instruction step) throws IOException {
    List<String> words =
        step.array()
            .map(
                array ->
                    array.stream()
                        .map(word -> build.words().expand(word, stage::variable))
                        .toList())
            .orElseGet(() -> words(step));
    if (words.size() < 2) {
      throw step.wrong("it needs a source and a destination");
    }
    String written = words.getLast();
    Path destination = Path.of(stage.config().directory()).resolve(written).normalize();
    boolean directory = written.endsWith("/") || written.equals(".") || written.endsWith("/.");
    String from = step.flags().getOrDefault("from", "");
    StepKey key = stage.key().add("COPY").add(destination).add(directory);
    key.add(flag(step, "chown")).add(flag(step, "chmod"));
    List<String> sources = words.subList(0, words.size() - 1);
    if (!from.isEmpty()) {
      Stage other = build.other(build.words().expand(from, stage::variable), index);
      key.add("from");
      other.diffIds().forEach(key::add);
      sources.forEach(key::add);
      done(step, key, () -> Optional.of(fromStage(step, other, sources, destination, directory)));
      return;
    }
    var found = new Sources(build.context(), build.ignoreRules()).find(sources);
    key.add(found.sources()).add(found.directory());
    for (Sources.Item item : found.items()) {
      key.add(item.target())
          .add(item.source().kind())
          .add(item.source().mode())
          .add(item.content());
    }
    done(step, key, () -> Optional.of(copy(step, build.context(), found, destination, directory)));
  }

  private String flag(Instruction step, String name) {
    return build.words().expand(step.flags().getOrDefault(name, ""), stage::variable);
  }

  private Descriptor fromStage(
      Instruction step, Stage other, List<String> sources, Path destination, boolean directory)
      throws IOException {
    StageTree tree = build.tree(other);
    try (var files = new FileTree(tree.directory(), FileTree.Links.IN_ROOT)) {
      var found = new Sources(files, IgnoreRules.none()).find(sources);
      return copy(step, files, found, destination, directory);
    }
  }

  private Descriptor copy(
      Instruction step, FileTree from, Sources.Found found, Path destination, boolean directory)
      throws IOException {
    StageTree tree = build.tree(stage);
    String owner = flag(step, "chown");
    Account account = tree.unpacker().account(owner);
    try (var into = new FileTree(tree.directory(), FileTree.Links.IN_ROOT)) {
      var layer = new CopyLayer(from, into, account, mode(step));
      layer.place(found, FileTree.raw(destination.toString().substring(1)), directory);
      return build.draft().add(out -> layer.write(tar(out)));
    }
  }

  private OptionalInt mode(Instruction step) {
    String mode = flag(step, "chmod");
    if (mode.isEmpty()) {
      return OptionalInt.empty();
    }
    if (!mode.matches("0?[0-7]{3,4}")) {
      throw step.wrong(
          "mode `%s` is not understood: octal digits such as `755` are".formatted(mode));
    }
    return OptionalInt.of(Integer.parseInt(mode, 8));
  }

  private void directory(Instruction step) throws IOException {
    Path directory = Path.of(stage.config().directory()).resolve(word(step)).normalize();
    stage.config().directory(directory.toString());
    StepKey key = stage.key().add("WORKDIR").add(directory);
    done(step, key, () -> made(directory));
  }

  /** A directory that is not there is made, as a layer. */
  private Optional<Descriptor> made(Path directory) throws IOException {
    StageTree tree = build.tree(stage);
    try (var into = new FileTree(tree.directory(), FileTree.Links.IN_ROOT)) {
      var layer = new CopyLayer(into, into, new Account(0, 0), OptionalInt.empty());
      layer.place(
          new Sources.Found(List.of(), 0, true),
          FileTree.raw(directory.toString().substring(1)),
          true);
      return layer.isEmpty()
          ? Optional.empty()
          : Optional.of(build.draft().add(out -> layer.write(tar(out))));
    }
  }

  /** Takes over what the same step came to before, or does it. */
  private void done(Instruction step, StepKey key, Work work) throws IOException {
    epoch().ifPresent(key::add);
    Digest digest = key.digest();
    Optional<StepNote> before = build.request().fresh() ? Optional.empty() : recall(digest);
    build.listener().step(step.text(), before.isPresent());
    StepNote note = before.isPresent() ? before.get() : note(work.layer());
    note.layer()
        .ifPresent(layer -> stage.add(Descriptor.of(MediaType.OCI_LAYER, layer, note.bytes())));
    if (before.isEmpty()) {
      build.draft().remember(digest, note.write());
    }
    stage.config().history(step.text(), note.layer().map(_ -> note.created()));
  }

  private StepNote note(Optional<Descriptor> layer) {
    Instant now = epoch().map(Instant::ofEpochSecond).orElseGet(Instant::now);
    return new StepNote(
        layer.map(Descriptor::digest),
        layer.map(Descriptor::size).orElse(0L),
        now.truncatedTo(ChronoUnit.SECONDS).toString());
  }

  private Optional<StepNote> recall(Digest step) throws IOException {
    ImageDraft draft = build.draft();
    Optional<StepNote> note = draft.recall(step).flatMap(StepNote::read);
    boolean whole =
        note.isPresent() && (note.get().layer().isEmpty() || draft.hold(note.get().layer().get()));
    return whole ? note : Optional.empty();
  }
}

package dev.holdfast.workspace.overlay;

import dev.holdfast.workspace.WorkspaceException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Which new paths git would ignore. Git itself answers, in a directory that holds nothing but
 * copies of the {@code .gitignore} files, so there is nothing of the agent's for it to follow or
 * run.
 */
final class Ignore {
  private static final String FILE = ".gitignore";
  private static final String HERE = "./";
  private static final int LARGEST = 1 << 20;

  /** A pattern can be made to match very slowly. */
  private static final Duration LIMIT = Duration.ofSeconds(20);

  private final Mirror mirror;
  private final BaseTree base;
  private final Path scratch;

  /**
   * @param scratch a directory in which a temporary one may be made
   */
  Ignore(Mirror mirror, BaseTree base, Path scratch) {
    this.mirror = mirror;
    this.base = base;
    this.scratch = scratch;
  }

  /** Those of {@code paths} that are ignored, given the files of {@code upper} over the base. */
  Set<String> ignored(Node.Folder upper, Collection<String> paths) throws IOException {
    if (paths.isEmpty()) {
      return Set.of();
    }
    Path rules = Files.createTempDirectory(scratch, "ignore");
    try {
      try (Directory root = Directory.open(rules);
          Directory below = Directory.open(base.tree())) {
        lay(root, Optional.of(upper), Optional.of(below), folders(paths));
      }
      return ask(rules, paths);
    } finally {
      Trees.delete(rules);
    }
  }

  private Set<String> ask(Path rules, Collection<String> paths) throws IOException {
    var args =
        List.of(
            "--git-dir=" + mirror.gitDir(),
            "--work-tree=" + rules,
            "-c",
            "core.bare=false",
            "-c",
            "core.excludesFile=/dev/null",
            "check-ignore",
            "--no-index",
            "--stdin",
            "-z");
    var result =
        mirror.git().command(args).in(rules).input(out -> write(paths, out)).limit(LIMIT).run();
    if (result.exit() > 1) {
      throw new WorkspaceException("the ignore rules cannot be read: " + result.err());
    }
    var ignored = new HashSet<String>();
    for (String path : Raw.of(result.out()).split("\0", -1)) {
      if (path.startsWith(HERE)) {
        ignored.add(path.substring(HERE.length()));
      }
    }
    return ignored;
  }

  private static void write(Collection<String> paths, OutputStream out) throws IOException {
    var all = new StringBuilder();
    for (String path : paths) {
      // Git takes a leading colon for pathspec magic.
      all.append(HERE).append(path).append('\0');
    }
    out.write(all.toString().getBytes(StandardCharsets.ISO_8859_1));
  }

  /** Every directory above one of {@code paths}; the top is the empty path. */
  private static Set<String> folders(Collection<String> paths) {
    var folders = new TreeSet<String>();
    for (String path : paths) {
      int slash = path.lastIndexOf('/');
      while (slash > 0 && folders.add(path.substring(0, slash))) {
        slash = path.lastIndexOf('/', slash - 1);
      }
    }
    return folders;
  }

  /** Copies the rules of this directory and of the wanted ones below it. */
  private void lay(
      Directory to, Optional<Node.Folder> upper, Optional<Directory> below, Set<String> wanted)
      throws IOException {
    copyRules(to, upper, below);
    var names = new TreeSet<String>();
    for (String folder : wanted) {
      int slash = folder.indexOf('/');
      names.add(slash < 0 ? folder : folder.substring(0, slash));
    }
    for (String name : names) {
      var deeper = new TreeSet<String>();
      for (String folder : wanted) {
        if (folder.startsWith(name + "/")) {
          deeper.add(folder.substring(name.length() + 1));
        }
      }
      layChild(to, name, upper, below, deeper);
    }
  }

  private void layChild(
      Directory to,
      String name,
      Optional<Node.Folder> upper,
      Optional<Directory> below,
      Set<String> wanted)
      throws IOException {
    Optional<Node.Folder> over =
        upper
            .map(folder -> folder.children().get(name))
            .filter(Node.Folder.class::isInstance)
            .map(Node.Folder.class::cast);
    boolean hidden = over.map(Node.Folder::opaque).orElse(false);
    boolean inBase =
        !hidden
            && below.isPresent()
            && below.get().find(name).filter(Stat::isDirectory).isPresent();
    if (Names.isDotGit(name)) {
      return;
    }
    to.makeDirectory(name, 0700);
    try (Directory child = to.directory(name)) {
      if (inBase) {
        try (Directory deeper = below.orElseThrow().directory(name)) {
          lay(child, over, Optional.of(deeper), wanted);
        }
      } else {
        lay(child, over, Optional.empty(), wanted);
      }
    }
  }

  private static void copyRules(
      Directory to, Optional<Node.Folder> upper, Optional<Directory> below) throws IOException {
    Optional<Node> mine = upper.map(folder -> folder.children().get(FILE));
    if (mine.isPresent()) {
      // A link, as git itself has it, is no rule file; a whiteout is no file.
      if (mine.get() instanceof Node.Regular file) {
        copy(file.content().open(), to);
      }
      return;
    }
    if (below.isPresent() && below.get().find(FILE).filter(Stat::isFile).isPresent()) {
      copy(below.get().file(FILE), to);
    }
  }

  private static void copy(OpenFile rules, Directory to) throws IOException {
    try (InputStream in = rules.stream();
        OpenFile out = to.create(FILE)) {
      byte[] bytes = in.readNBytes(LARGEST + 1);
      if (bytes.length > LARGEST) {
        throw new WorkspaceException(
            "a `.gitignore` is larger than %d bytes: make it smaller".formatted(LARGEST));
      }
      out.write(bytes, 0, bytes.length);
    }
  }
}

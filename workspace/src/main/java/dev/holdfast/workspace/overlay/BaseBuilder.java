package dev.holdfast.workspace.overlay;

import dev.holdfast.workspace.CommitId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Checks a base tree out, with a {@code .git} in it that works at once wherever it is mounted. */
final class BaseBuilder {
  /** What user id 1000 of a workbench sees as the owner of the workspace's files. */
  static final int INSIDE_OWNER = 1000;

  private static final String CONFIG =
      """
      [core]
      \tfilemode = true
      \tbare = false
      \tlogallrefupdates = true
      \tuntrackedCache = true
      [index]
      \tversion = 2
      [gc]
      \tauto = 0
      [maintenance]
      \tauto = false
      [user]
      \tname = Holdfast agent
      \temail = agent@holdfast.invalid
      [commit]
      \tgpgSign = false
      """;

  private final Mirror mirror;
  private final int owner;

  BaseBuilder(Mirror mirror, int owner) {
    this.mirror = mirror;
    this.owner = owner;
  }

  /** Builds the base of {@code commit} in {@code directory}, which exists. */
  void build(CommitId commit, Path directory) throws IOException {
    boolean sha256 = commit.value().length() == 64;
    Path tree = Files.createDirectory(BaseTree.tree(directory));
    Path gitDir = Files.createDirectory(tree.resolve(".git"));
    skeleton(gitDir, commit, sha256);
    linkAll(mirror.gitDir().resolve("objects"), gitDir.resolve("objects"));
    git(gitDir, tree, "read-tree", "--reset", "-u", commit.value()).check();
    try (Directory bases = Directory.open(directory)) {
      adopt(bases, "tree", "", seconds(commit) * 1_000_000_000L);
    }
    // Only now do the times and numbers of the files stay as they are; status 1 is about
    // submodules.
    git(gitDir, tree, "update-index", "-q", "--ignore-submodules", "--refresh").run();
    List<String> gitlinks = GitIndex.adopt(gitDir.resolve("index"), INSIDE_OWNER, sha256);
    try (Directory git = Directory.open(gitDir)) {
      git.chown("index", owner);
    }
    Files.writeString(
        BaseTree.gitlinksOf(directory), String.join("\0", gitlinks), StandardCharsets.ISO_8859_1);
  }

  private Git.Command git(Path gitDir, Path tree, String... args) {
    var all = new java.util.ArrayList<>(List.of("--git-dir=" + gitDir, "--work-tree=" + tree));
    all.addAll(List.of(args));
    return mirror.git().command(all).in(tree);
  }

  private void skeleton(Path gitDir, CommitId commit, boolean sha256) throws IOException {
    Files.createDirectories(gitDir.resolve("refs/heads"));
    Files.createDirectories(gitDir.resolve("info"));
    Files.createDirectories(gitDir.resolve("hooks"));
    Files.writeString(gitDir.resolve("HEAD"), commit.value() + "\n");
    Files.writeString(gitDir.resolve("config"), CONFIG + format(sha256));
    // Wins over every .gitattributes: the files are the stored bytes, inside as well.
    Files.writeString(
        gitDir.resolve("info/attributes"), "* -text -eol -ident -filter -working-tree-encoding\n");
    Files.writeString(gitDir.resolve("info/exclude"), "");
    Files.writeString(gitDir.resolve("packed-refs"), refs());
    Path shallow = mirror.gitDir().resolve("shallow");
    if (Files.exists(shallow)) {
      Files.copy(shallow, gitDir.resolve("shallow"));
    }
  }

  /** The lines of a git configuration that say which hash a repository uses. */
  static String format(boolean sha256) {
    return sha256
        ? "[core]\n\trepositoryformatversion = 1\n[extensions]\n\tobjectFormat = sha256\n"
        : "[core]\n\trepositoryformatversion = 0\n";
  }

  /** The source's branches, as a clone would show them, and its tags. */
  private String refs() throws IOException {
    String format = "%(objectname) %(refname)";
    String list =
        mirror
            .git()
            .on(mirror.gitDir(), "for-each-ref", "--format=" + format, "refs/heads", "refs/tags")
            .check()
            .text();
    return "# pack-refs with: sorted\n"
        + list.lines()
            .map(line -> line.replaceFirst(" refs/heads/", " refs/remotes/origin/"))
            .sorted(java.util.Comparator.comparing(line -> line.substring(line.indexOf(' '))))
            .map(line -> line + "\n")
            .collect(java.util.stream.Collectors.joining());
  }

  private long seconds(CommitId commit) throws IOException {
    String time =
        mirror
            .git()
            .on(
                mirror.gitDir(),
                "show",
                "-s",
                "--no-show-signature",
                "--format=%ct",
                commit.value())
            .check()
            .text();
    // In the past by more than git's grain, or git would read every file again to be sure.
    return Math.min(Long.parseLong(time), System.currentTimeMillis() / 1000 - 10);
  }

  /** Hard links: the base needs its own objects directory, not its own copies. */
  private static void linkAll(Path from, Path to) throws IOException {
    Files.createDirectory(to);
    try (Stream<Path> children = Files.list(from)) {
      for (Path child : children.toList()) {
        Path target = to.resolve(child.getFileName());
        if (Files.isDirectory(child)) {
          linkAll(child, target);
        } else if (!child.getFileName().toString().startsWith("tmp_")) {
          Files.createLink(target, child);
        }
      }
    }
  }

  private void adopt(Directory parent, String name, String path, long time) throws IOException {
    boolean folder = parent.stat(name).isDirectory();
    if (!folder && path.startsWith(".git/objects/")) {
      // Shared with the mirror, world-readable and never written.
      return;
    }
    parent.chown(name, owner);
    if (folder) {
      try (Directory directory = parent.directory(name)) {
        directory.chmod(0755);
        for (String child : directory.names()) {
          adopt(directory, child, Raw.join(path, child), time);
        }
      }
    }
    parent.setTime(name, time);
  }
}

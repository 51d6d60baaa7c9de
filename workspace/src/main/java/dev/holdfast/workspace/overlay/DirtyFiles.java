package dev.holdfast.workspace.overlay;

import dev.holdfast.workspace.CommitId;
import dev.holdfast.workspace.WorkspaceException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Turns the uncommitted and untracked files of a local checkout into a commit. Git runs with the
 * mirror as its repository and a copy of the checkout's index, so the checkout is only read and its
 * configuration and filters count for nothing.
 */
final class DirtyFiles {
  private static final String WHO = "Holdfast";
  private static final String MAIL = "holdfast@holdfast.invalid";
  private final Mirror mirror;
  private final Source source;

  DirtyFiles(Mirror mirror, Source source) {
    this.mirror = mirror;
    this.source = source;
  }

  /** The commit with the dirty files on top of {@code head}; {@code head} when there are none. */
  CommitId onto(CommitId head) throws IOException {
    if (!(source instanceof Source.Local local) || local.directory().equals(local.gitDir())) {
      throw new WorkspaceException(
          "`%s` has no checked-out files to include: leave --include-dirty out"
              .formatted(source.address()));
    }
    Path scratch = Files.createTempDirectory(mirror.gitDir(), "dirty");
    try {
      return new Staging(local, scratch).onto(head);
    } finally {
      Trees.delete(scratch);
    }
  }

  private final class Staging {
    private final Source.Local local;
    private final Path scratch;
    private final Path index;

    Staging(Source.Local local, Path scratch) {
      this.local = local;
      this.scratch = scratch;
      this.index = scratch.resolve("index");
    }

    CommitId onto(CommitId head) throws IOException {
      requireHead(head);
      startIndex(head);
      stage();
      String tree = run("write-tree").check().text();
      String old = run("rev-parse", head + "^{tree}").check().text();
      return tree.equals(old) ? head : commit(head, tree);
    }

    private void requireHead(CommitId head) throws IOException {
      var checkedOut = Source.resolve(mirror.git(), local.gitDir(), "HEAD");
      if (checkedOut.isEmpty() || !checkedOut.get().equals(head)) {
        throw new WorkspaceException(
            "uncommitted files belong to `HEAD`: start from it, or leave --include-dirty out");
      }
    }

    /** The checkout's own index saves reading every file; where it cannot be used, one is made. */
    private void startIndex(CommitId head) throws IOException {
      Path theirs = local.gitDir().resolve("index");
      if (Files.isRegularFile(theirs)) {
        var written = Files.getLastModifiedTime(theirs);
        Files.copy(theirs, index, StandardCopyOption.REPLACE_EXISTING);
        // Git looks into files that changed no earlier than their index was written: with the
        // copy's own time it would miss a change of the same size right after a checkout.
        Files.setLastModifiedTime(index, written);
      }
      if (!Files.exists(index) || run("ls-files", "--unmerged").run().exit() != 0) {
        Files.deleteIfExists(index);
        run("read-tree", head.value()).check();
      }
    }

    private void stage() throws IOException {
      Path exclude = local.gitDir().resolve("info/exclude");
      Path excludes = scratch.resolve("exclude");
      if (Files.isRegularFile(exclude)) {
        Files.copy(exclude, excludes);
      } else {
        Files.createFile(excludes);
      }
      var listed =
          run(
                  "-c",
                  "core.excludesFile=" + excludes,
                  "ls-files",
                  "-z",
                  "--modified",
                  "--others",
                  "--exclude-standard")
              .check();
      var paths = new TreeSet<>(List.of(Raw.of(listed.out()).split("\0", -1)));
      paths.remove("");
      // A repository within the checkout shows with a slash; it is not part of this one.
      paths.removeIf(path -> path.endsWith("/"));
      paths.removeAll(submodules());
      var input = (String.join("\0", paths) + "\0").getBytes(StandardCharsets.ISO_8859_1);
      if (!paths.isEmpty()) {
        run("update-index", "--add", "--remove", "-z", "--stdin")
            .input(out -> out.write(input))
            .check();
      }
    }

    private Set<String> submodules() throws IOException {
      var found = new HashSet<String>();
      String staged = Raw.of(run("ls-files", "-z", "--stage").check().out());
      for (String line : staged.split("\0", -1)) {
        if (line.startsWith("160000 ")) {
          found.add(line.substring(line.indexOf('\t') + 1));
        }
      }
      return found;
    }

    private CommitId commit(CommitId head, String tree) throws IOException {
      var result =
          run(
                  "commit-tree",
                  tree,
                  "-p",
                  head.value(),
                  "-m",
                  "Uncommitted changes in the checkout when the run started")
              .check();
      var commit = new CommitId(result.text());
      run("update-ref", "refs/holdfast/base/" + commit, commit.value()).check();
      return commit;
    }

    private Git.Command run(String... args) {
      var all =
          new ArrayList<>(
              List.of(
                  "--git-dir=" + mirror.gitDir(),
                  "--work-tree=" + local.directory(),
                  "-c",
                  "core.bare=false"));
      all.addAll(List.of(args));
      return mirror
          .git()
          .command(
              Map.of(
                  "GIT_INDEX_FILE", index.toString(),
                  "GIT_AUTHOR_NAME", WHO,
                  "GIT_AUTHOR_EMAIL", MAIL,
                  "GIT_COMMITTER_NAME", WHO,
                  "GIT_COMMITTER_EMAIL", MAIL),
              all.toArray(String[]::new))
          .in(local.directory());
    }
  }
}

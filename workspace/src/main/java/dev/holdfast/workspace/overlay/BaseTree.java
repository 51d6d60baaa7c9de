package dev.holdfast.workspace.overlay;

import dev.holdfast.workspace.CommitId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;

/**
 * A commit's files, checked out once and shared below every workspace that starts from it. Files
 * hold the very bytes that git stores: no line ends are converted and no filter runs, so that what
 * differs from them is what somebody changed.
 *
 * @param gitlinks raw paths of the submodules; their directories are empty
 */
record BaseTree(Path directory, CommitId commit, Set<String> gitlinks) {
  BaseTree {
    gitlinks = Set.copyOf(gitlinks);
  }

  Path tree() {
    return tree(directory);
  }

  static Path tree(Path directory) {
    return directory.resolve("tree");
  }

  static Path gitlinksOf(Path directory) {
    return directory.resolve("gitlinks");
  }

  static BaseTree open(Path directory, CommitId commit) throws IOException {
    var gitlinks = new HashSet<String>();
    String list = Files.readString(gitlinksOf(directory), StandardCharsets.ISO_8859_1);
    for (String path : list.split("\0", -1)) {
      if (!path.isEmpty()) {
        gitlinks.add(path);
      }
    }
    return new BaseTree(directory, commit, gitlinks);
  }
}

package dev.holdfast.workspace.overlay;

import dev.holdfast.workspace.WorkspaceException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What may become a commit: the differences without what git ignores, and nothing that no
 * repository should hold.
 */
record Proposal(List<Delta> deltas) {
  private static final long LARGEST_FILE = 256L << 20;
  private static final long LARGEST_ALL = 1L << 30;

  Proposal {
    deltas = List.copyOf(deltas);
  }

  static Proposal of(Mirror mirror, BaseTree base, Node.Folder upper, Path scratch)
      throws IOException {
    ChangeScan.Found found = ChangeScan.scan(base, upper);
    var questions = new TreeSet<>(ChangeScan.added(found));
    questions.addAll(found.problems().keySet());
    var deltas = new TreeMap<>(found.deltas());
    var problems = new TreeMap<>(found.problems());
    for (String ignored : new Ignore(mirror, base, scratch).ignored(upper, questions)) {
      Delta delta = deltas.get(ignored);
      if (delta == null || delta.before().isEmpty()) {
        deltas.remove(ignored);
        problems.remove(ignored);
      }
    }
    if (!problems.isEmpty()) {
      throw refused(problems);
    }
    var proposal = new Proposal(List.copyOf(deltas.values()));
    proposal.checkSizes();
    Collisions.check(base, upper, proposal.deltas());
    return proposal;
  }

  private static WorkspaceException refused(TreeMap<String, String> problems) {
    var first = problems.firstEntry();
    String more = problems.size() > 1 ? " (and %d more)".formatted(problems.size() - 1) : "";
    return new WorkspaceException(
        "`%s` %s%s: remove it or add it to .gitignore"
            .formatted(Raw.display(first.getKey()), first.getValue(), more));
  }

  private void checkSizes() {
    long all = 0;
    for (Delta delta : deltas) {
      long size = delta.after().map(side -> side.bytes().size()).orElse(0L);
      all += size;
      if (size > LARGEST_FILE || all > LARGEST_ALL) {
        throw new WorkspaceException(
            "`%s` makes the change too large: a file may have %d bytes, a change %d; add it to .gitignore"
                .formatted(Raw.display(delta.path()), LARGEST_FILE, LARGEST_ALL));
      }
    }
  }
}

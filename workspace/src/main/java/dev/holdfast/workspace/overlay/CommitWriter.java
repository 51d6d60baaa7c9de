package dev.holdfast.workspace.overlay;

import dev.holdfast.digest.Sha256;
import dev.holdfast.workspace.CommitId;
import dev.holdfast.workspace.WorkspaceException;
import dev.holdfast.workspace.overlay.Delta.Side;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Optional;

/** Writes commits from raw bytes through {@code git fast-import}: no index, no tree, no filters. */
final class CommitWriter {
  private final Git git;
  private final Path gitDir;

  CommitWriter(Git git, Path gitDir) {
    this.git = git;
    this.gitDir = gitDir;
  }

  /** Who wrote what, when. */
  record Label(String author, String message, Instant time) {
    Label {
      if (!author.matches("[^<>\\x00-\\x1f]+ <[^<>\\x00-\\x1f]+>")) {
        throw new WorkspaceException(
            "author `%s` is not allowed: it must be `Name <mail>`".formatted(author));
      }
    }
  }

  /**
   * Makes a commit of {@code proposal} on top of {@code parent}, held by {@code ref}.
   *
   * @param expected the hash that the bytes committed must have; nothing is written otherwise
   */
  CommitId write(
      CommitId parent, Proposal proposal, Label label, String ref, Optional<String> expected)
      throws IOException {
    var result =
        git.on(gitDir, "fast-import", "--quiet", "--force", "--done")
            .input(
                out -> {
                  String hash = feed(out, parent, proposal, label, ref);
                  if (!hash.equals(expected.orElse(hash))) {
                    throw new WorkspaceException(
                        "the files are not those of change `%s` any more: look at them again"
                            .formatted(expected.get()));
                  }
                  // Without this line git keeps nothing of what it was given.
                  text(out, "\nget-mark :1\ndone\n");
                })
            .check();
    return new CommitId(result.text());
  }

  private static String feed(
      OutputStream out, CommitId parent, Proposal proposal, Label label, String ref)
      throws IOException {
    byte[] message = label.message().getBytes(StandardCharsets.UTF_8);
    String stamp = "%s %d +0000\n".formatted(label.author(), label.time().getEpochSecond());
    text(out, "commit " + ref + "\nmark :1\nauthor " + stamp + "committer " + stamp);
    text(out, "data " + message.length + "\n");
    out.write(message);
    text(out, "\nfrom " + parent + "\n");
    // Deletions first: a file may make way for a directory of its name.
    for (Delta delta : proposal.deltas()) {
      if (delta.after().isEmpty()) {
        text(out, "D " + Raw.quote(delta.path()) + "\n");
      }
    }
    var identity = new Changes.Identity();
    for (Delta delta : proposal.deltas()) {
      if (delta.after().isPresent()) {
        Side after = delta.after().get();
        identity.add(delta.path(), after.mode(), modify(out, delta.path(), after));
      } else {
        identity.addDeleted(delta.path());
      }
    }
    return identity.hash();
  }

  /** Answers the digest of the bytes. */
  private static byte[] modify(OutputStream out, String path, Side side) throws IOException {
    long size = side.bytes().size();
    text(out, "M %o inline %s\ndata %d\n".formatted(side.mode(), Raw.quote(path), size));
    long copied = 0;
    MessageDigest digest = Sha256.start();
    try (InputStream in = Changes.stream(side.bytes())) {
      var buffer = new byte[1 << 16];
      while (copied < size) {
        int n = in.read(buffer, 0, (int) Math.min(buffer.length, size - copied));
        if (n < 0) {
          throw new WorkspaceException(
              "`%s` changed while it was read: stop what writes to it and try again"
                  .formatted(Raw.display(path)));
        }
        out.write(buffer, 0, n);
        digest.update(buffer, 0, n);
        copied += n;
      }
    }
    text(out, "\n");
    return digest.digest();
  }

  private static void text(OutputStream out, String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.UTF_8));
  }
}

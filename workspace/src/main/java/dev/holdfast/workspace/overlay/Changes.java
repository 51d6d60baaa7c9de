package dev.holdfast.workspace.overlay;

import dev.holdfast.digest.Sha256;
import dev.holdfast.workspace.Change;
import dev.holdfast.workspace.Change.ChangedFile;
import dev.holdfast.workspace.Change.Kind;
import dev.holdfast.workspace.overlay.Delta.Bytes;
import dev.holdfast.workspace.overlay.Delta.Side;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Optional;

/** Describes a proposal: kinds, line counts and the hash that approvals are bound to. */
final class Changes {
  /** Larger files are taken for binary, as nobody reads their diff. */
  private static final int TEXT_LIMIT = 8 << 20;

  /** How far git looks for a zero byte. */
  private static final int BINARY_WINDOW = 8000;

  private Changes() {}

  static Change describe(Proposal proposal) throws IOException {
    var files = new ArrayList<ChangedFile>();
    var identity = new Identity();
    for (Delta delta : proposal.deltas()) {
      if (delta.after().isPresent()) {
        Side after = delta.after().get();
        identity.add(delta.path(), after.mode(), digest(after.bytes()));
      } else {
        identity.addDeleted(delta.path());
      }
      files.add(describe(delta));
    }
    return new Change(files, identity.hash());
  }

  /** What a change is recognised by. Paths are added in order. */
  static final class Identity {
    private final MessageDigest all = Sha256.start();

    /** Fields of fixed or prefixed length, so that no two proposals read alike. */
    void add(String path, int mode, byte[] digest) {
      byte[] name = Raw.bytes(path);
      var fields = ByteBuffer.allocate(4 + name.length + 4 + digest.length);
      all.update(fields.putInt(name.length).put(name).putInt(mode).put(digest).array());
    }

    void addDeleted(String path) {
      add(path, 0, new byte[32]);
    }

    String hash() {
      return Sha256.hex(all);
    }
  }

  private static byte[] digest(Bytes bytes) throws IOException {
    MessageDigest hash = Sha256.start();
    try (InputStream in = stream(bytes)) {
      var buffer = new byte[1 << 16];
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        hash.update(buffer, 0, n);
      }
    }
    return hash.digest();
  }

  static InputStream stream(Bytes bytes) throws IOException {
    return switch (bytes) {
      case Bytes.Text text -> new ByteArrayInputStream(Raw.bytes(text.raw()));
      case Bytes.Stored stored -> stored.content().open().stream();
    };
  }

  private static ChangedFile describe(Delta delta) throws IOException {
    String path = Raw.display(delta.path());
    Optional<byte[]> before = text(delta.before());
    Optional<byte[]> after = text(delta.after());
    if (before.isEmpty() || after.isEmpty()) {
      return new ChangedFile(path, kind(delta), true, 0, 0);
    }
    LineCount lines = LineCount.between(before.get(), after.get());
    return new ChangedFile(path, kind(delta), false, lines.insertions(), lines.deletions());
  }

  private static Kind kind(Delta delta) throws IOException {
    if (delta.before().isEmpty()) {
      return Kind.ADDED;
    }
    if (delta.after().isEmpty()) {
      return Kind.DELETED;
    }
    Side before = delta.before().get();
    Side after = delta.after().get();
    if (!before.sameType(after)) {
      return Kind.TYPE_CHANGED;
    }
    boolean sameBytes = ChangeScan.sameBytes(before.bytes(), after.bytes());
    return sameBytes ? Kind.MODE_CHANGED : Kind.MODIFIED;
  }

  /** The text of one side, nothing when absent; empty for a binary one. */
  private static Optional<byte[]> text(Optional<Side> side) throws IOException {
    if (side.isEmpty()) {
      return Optional.of(new byte[0]);
    }
    Bytes bytes = side.get().bytes();
    if (bytes.size() > TEXT_LIMIT) {
      return Optional.empty();
    }
    try (InputStream in = stream(bytes)) {
      byte[] text = in.readNBytes(TEXT_LIMIT);
      return binary(text) ? Optional.empty() : Optional.of(text);
    }
  }

  private static boolean binary(byte[] bytes) {
    for (int i = 0; i < Math.min(bytes.length, BINARY_WINDOW); i++) {
      if (bytes[i] == 0) {
        return true;
      }
    }
    return false;
  }
}

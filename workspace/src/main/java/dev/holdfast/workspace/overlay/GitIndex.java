package dev.holdfast.workspace.overlay;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;

/**
 * A git index (version 2 or 3) made by Holdfast's own git. Git compares the owner it recorded with
 * the owner it sees; inside a workbench that is another number than on the host, and every file
 * would look touched.
 */
final class GitIndex {
  private static final int HEADER = 12;
  private static final int MODE = 24;
  private static final int UID = 28;
  private static final int FIXED = 40;
  private static final int GITLINK = 0160000;
  private final ByteBuffer bytes;
  private final String digest;
  private final int hashLength;

  private GitIndex(byte[] bytes, boolean sha256) {
    this.bytes = ByteBuffer.wrap(bytes);
    this.digest = sha256 ? "SHA-256" : "SHA-1";
    this.hashLength = sha256 ? 32 : 20;
  }

  /** Sets every entry's owner and returns the raw paths of the submodules. */
  static List<String> adopt(Path file, int owner, boolean sha256) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    var index = new GitIndex(bytes, sha256);
    List<String> gitlinks = index.rewrite(owner);
    Files.write(file, bytes);
    return gitlinks;
  }

  private List<String> rewrite(int owner) throws IOException {
    int version = bytes.getInt(4);
    if (bytes.getInt(0) != 0x44495243 || version < 2 || version > 3) {
      throw new IOException("git index has version `%d`: it must be 2 or 3".formatted(version));
    }
    var gitlinks = new ArrayList<String>();
    int at = HEADER;
    for (int left = bytes.getInt(8); left > 0; left--) {
      bytes.putInt(at + UID, owner);
      bytes.putInt(at + UID + 4, owner);
      int name = at + FIXED + hashLength + 2;
      if ((bytes.getShort(name - 2) & 0x4000) != 0) {
        name += 2;
      }
      int end = end(name);
      if (bytes.getInt(at + MODE) == GITLINK) {
        gitlinks.add(Raw.of(java.util.Arrays.copyOfRange(bytes.array(), name, end)));
      }
      at += (end - at + 8) & ~7;
    }
    seal();
    return gitlinks;
  }

  private int end(int from) {
    int at = from;
    while (bytes.get(at) != 0) {
      at++;
    }
    return at;
  }

  private void seal() {
    try {
      var hash = MessageDigest.getInstance(digest);
      hash.update(bytes.array(), 0, bytes.capacity() - hashLength);
      bytes.put(bytes.capacity() - hashLength, hash.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}

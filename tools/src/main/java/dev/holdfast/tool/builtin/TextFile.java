package dev.holdfast.tool.builtin;

import dev.holdfast.tool.ErrorCode;
import dev.holdfast.tool.ToolFault;
import dev.holdfast.workbench.FileEntry;
import dev.holdfast.workbench.GuestFiles;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Text files of the workspace, whole. */
final class TextFile {
  /** The largest file that is read as text. */
  static final int MOST_BYTES = 10 << 20;

  private static final int CHUNK_BYTES = 1 << 20;

  private TextFile() {}

  /**
   * The content of a text file, malformed UTF-8 refused.
   *
   * @throws ToolFault when it is missing, outside, a directory, too large or not text
   */
  static String read(GuestFiles files, String path) {
    var bytes = bytes(files, path);
    for (byte b : bytes) {
      if (b == 0) {
        throw notText(path, bytes.length);
      }
    }
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw notText(path, bytes.length);
    }
  }

  static void write(GuestFiles files, String path, String content, boolean executable) {
    files.write(path, content.getBytes(StandardCharsets.UTF_8), executable);
  }

  /** The content, whatever it is. */
  static byte[] bytes(GuestFiles files, String path) {
    var entry =
        files.stat(WorkspacePath.require(path)).orElseThrow(() -> WorkspacePath.missing(path));
    requireReadable(entry, path);
    var all = new ByteArrayOutputStream();
    // at most MOST_BYTES + 1 reads: every one but the last brings at least a byte
    while (all.size() <= MOST_BYTES) {
      var chunk = files.read(path, all.size(), CHUNK_BYTES);
      if (chunk.length == 0) {
        return all.toByteArray();
      }
      all.writeBytes(chunk);
    }
    throw tooLarge(path);
  }

  private static void requireReadable(FileEntry entry, String path) {
    switch (entry.kind()) {
      case DIRECTORY ->
          throw new ToolFault(
              ErrorCode.INVALID_INPUT,
              "`%s` is a directory".formatted(path),
              "list it with list_files, or name a file in it");
      case OTHER ->
          throw new ToolFault(
              ErrorCode.NOT_ALLOWED,
              "`%s` is not a regular file".formatted(path),
              "pipes, sockets and devices are not read");
      case FILE -> {
        if (entry.bytes() > MOST_BYTES) {
          throw tooLarge(path);
        }
      }
      case SYMLINK -> {} // the guest follows it within the workspace, and only there
    }
  }

  private static ToolFault tooLarge(String path) {
    return new ToolFault(
        ErrorCode.INVALID_INPUT,
        "`%s` has more than %d MiB".formatted(path, MOST_BYTES >> 20),
        "look for what you need with search, or read a part with shell (`sed -n`, `head -c`)");
  }

  private static ToolFault notText(String path, int bytes) {
    return new ToolFault(
        ErrorCode.NOT_ALLOWED,
        "`%s` is not a text file in UTF-8 (%d bytes)".formatted(path, bytes),
        "look at it with shell (`file`, `xxd`, `iconv`) if you need to");
  }
}

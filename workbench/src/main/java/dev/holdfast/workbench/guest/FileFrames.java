package dev.holdfast.workbench.guest;

import dev.holdfast.workbench.FileEntry;
import dev.holdfast.workbench.FileError;
import java.nio.ByteBuffer;
import java.time.Instant;

/** Frames of file operations, and the answers to them. */
final class FileFrames {
  static final int READ = 1;
  static final int WRITE = 2;
  static final int STAT = 3;
  static final int LIST = 4;
  static final int DELETE = 5;
  static final int MKDIR = 6;
  static final int MOVE = 7;

  private static final int MAX_PATH = 4096;
  private static final int ENTRY_FIXED = 21;

  private static final FileError.Code[] CODES = {
    FileError.Code.OTHER,
    FileError.Code.NOT_FOUND,
    FileError.Code.OUTSIDE,
    FileError.Code.IS_DIRECTORY,
    FileError.Code.NOT_DIRECTORY,
    FileError.Code.NOT_ALLOWED,
    FileError.Code.NO_SPACE,
    FileError.Code.TOO_LARGE,
    FileError.Code.OTHER
  };

  private FileFrames() {}

  /** The beginning of a FILE frame: the operation and its paths. */
  static ByteBuffer begin(int op, int stream, int room, String... paths) {
    var encoded = new byte[paths.length][];
    int size = 1 + room;
    for (int i = 0; i < paths.length; i++) {
      encoded[i] = encode(paths[i]);
      size += Frames.sizeOf(encoded[i]);
    }
    ByteBuffer frame = Frames.begin(Protocol.FILE, 0, stream, size).put((byte) op);
    for (byte[] path : encoded) {
      Frames.putString(frame, path);
    }
    return frame;
  }

  /** A path as the guest takes it. */
  static byte[] encode(String path) {
    byte[] bytes = Frames.utf8(path);
    if (bytes.length >= MAX_PATH || path.indexOf('\0') >= 0) {
      throw new FileError(
          FileError.Code.OTHER,
          path,
          "path of `%d` bytes is not allowed: at most %d bytes and no NUL"
              .formatted(bytes.length, MAX_PATH - 1));
    }
    return bytes;
  }

  /** The content of an answer. */
  static ByteBuffer content(ByteBuffer answer, String path) throws ProtocolViolation {
    int code = answer.getInt();
    if (code == 0) {
      return answer;
    }
    if (code < 0 || code >= CODES.length) {
      throw new ProtocolViolation("an answer of code `%d`".formatted(code));
    }
    throw error(CODES[code], path, Frames.takeString(answer));
  }

  private static FileError error(FileError.Code code, String path, String detail) {
    String message =
        switch (code) {
          case NOT_FOUND -> "`%s` does not exist".formatted(path);
          case OUTSIDE ->
              "`%s` leads out of the workspace: paths are relative to it and stay below it"
                  .formatted(path);
          case IS_DIRECTORY -> "`%s` is a directory".formatted(path);
          case NOT_DIRECTORY -> "a part of `%s` is not a directory".formatted(path);
          case NOT_ALLOWED -> "`%s` is not allowed: %s".formatted(path, detail);
          case NO_SPACE -> "no space is left for `%s`".formatted(path);
          case TOO_LARGE -> "`%s` is larger than a file may be".formatted(path);
          case OTHER -> "`%s` failed: %s".formatted(path, detail);
        };
    return new FileError(code, path, message);
  }

  /** Takes an entry off an answer; its name is one that can be in a directory, or it is a lie. */
  static FileEntry takeEntry(ByteBuffer content) throws ProtocolViolation {
    if (content.remaining() < ENTRY_FIXED) {
      throw new ProtocolViolation("an entry of `%d` bytes".formatted(content.remaining()));
    }
    int kind = content.get();
    long bytes = content.getLong();
    int mode = content.getInt();
    long modified = content.getLong();
    String name = Frames.takeString(content);
    var kinds = FileEntry.Kind.values();
    if (kind < 0
        || kind >= kinds.length
        || bytes < 0
        || (mode & ~07777) != 0
        || name.indexOf('/') >= 0
        || name.indexOf('\0') >= 0) {
      throw new ProtocolViolation("an entry of kind `%d` and mode `%o`".formatted(kind, mode));
    }
    return new FileEntry(name, kinds[kind], bytes, mode, Instant.ofEpochMilli(modified));
  }
}

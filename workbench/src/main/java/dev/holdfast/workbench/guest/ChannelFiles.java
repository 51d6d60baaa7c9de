package dev.holdfast.workbench.guest;

import dev.holdfast.workbench.FileEntry;
import dev.holdfast.workbench.FileError;
import dev.holdfast.workbench.GuestFiles;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Files through the guest, which resolves every path and does every operation with its rights. */
final class ChannelFiles implements GuestFiles {
  private final GuestChannel channel;

  ChannelFiles(GuestChannel channel) {
    this.channel = channel;
  }

  /** An exchange with the guest that may find that it lies; then the channel ends. */
  private interface Exchange<T> {
    T run(Request request, int stream) throws ProtocolViolation;
  }

  private <T> T exchange(Exchange<T> exchange) {
    var request = new Request(channel);
    int stream = request.open();
    try {
      return exchange.run(request, stream);
    } catch (ProtocolViolation e) {
      throw channel.violated(e);
    } finally {
      request.close();
    }
  }

  private void plain(int op, String path, String... more) {
    exchange(
        (request, stream) -> {
          var paths = new String[1 + more.length];
          paths[0] = path;
          System.arraycopy(more, 0, paths, 1, more.length);
          ByteBuffer frame = Frames.finish(FileFrames.begin(op, stream, 0, paths));
          return FileFrames.content(request.exchange(frame), path);
        });
  }

  @Override
  public byte[] read(String path, long offset, int limit) {
    if (offset < 0 || limit < 0) {
      throw new IllegalArgumentException(
          "offset `%d` or limit `%d` is not allowed: both are at least 0".formatted(offset, limit));
    }
    return exchange(
        (request, stream) -> {
          ByteBuffer frame =
              FileFrames.begin(FileFrames.READ, stream, 12, path).putLong(offset).putInt(limit);
          return readChunks(request, stream, path, Frames.finish(frame), limit);
        });
  }

  private static byte[] readChunks(
      Request request, int stream, String path, ByteBuffer first, int limit)
      throws ProtocolViolation {
    var bytes = new ByteArrayOutputStream();
    ByteBuffer frame = first;
    while (true) {
      ByteBuffer content = FileFrames.content(request.exchange(frame), path);
      boolean more = content.hasRemaining() && content.get() != 0;
      if (content.remaining() > limit - bytes.size() || (more && !content.hasRemaining())) {
        throw new ProtocolViolation("file content beyond what was asked for");
      }
      bytes.write(content.array(), content.arrayOffset() + content.position(), content.remaining());
      if (!more) {
        return bytes.toByteArray();
      }
      frame = Frames.empty(Protocol.FILE_MORE, 0, stream);
    }
  }

  @Override
  public void write(String path, byte[] content, boolean executable) {
    try {
      write(path, new ByteArrayInputStream(content), executable);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // bytes in memory do not fail
    }
  }

  @Override
  public void write(String path, InputStream content, boolean executable) throws IOException {
    byte[] first = content.readNBytes(Limits.FILE_CHUNK);
    try {
      exchange(
          (request, stream) -> {
            boolean last = first.length < Limits.FILE_CHUNK;
            request.send(
                Frames.finish(
                    FileFrames.begin(FileFrames.WRITE, stream, 2 + first.length, path)
                        .put((byte) (executable ? 1 : 0))
                        .put((byte) (last ? 1 : 0))
                        .put(first)));
            if (!last) {
              writeRest(request, stream, content);
            }
            return FileFrames.content(request.await(), path);
          });
    } catch (UncheckedIOException broken) {
      throw broken.getCause();
    }
  }

  /** Sends on until all is sent or the guest has answered already: then it has failed. */
  private void writeRest(Request request, int stream, InputStream content) {
    boolean last = false;
    while (!last && !request.isAnswered()) {
      byte[] piece = next(content, stream);
      last = piece.length < Limits.FILE_CHUNK;
      ByteBuffer frame =
          Frames.begin(Protocol.FILE_MORE, 0, stream, 1 + piece.length)
              .put((byte) (last ? 1 : 0))
              .put(piece);
      request.sendMore(Frames.finish(frame));
    }
  }

  private byte[] next(InputStream content, int stream) {
    try {
      return content.readNBytes(Limits.FILE_CHUNK);
    } catch (IOException broken) {
      channel.send(Frames.empty(Protocol.CLOSE, 0, stream));
      // The guest does one thing after the other: behind this answer none to the write can come,
      // and its stream may be forgotten.
      var _ = stat(".");
      throw new UncheckedIOException(broken);
    }
  }

  @Override
  public Optional<FileEntry> stat(String path) {
    return exchange(
        (request, stream) -> {
          ByteBuffer frame = Frames.finish(FileFrames.begin(FileFrames.STAT, stream, 0, path));
          try {
            return Optional.of(
                FileFrames.takeEntry(FileFrames.content(request.exchange(frame), path)));
          } catch (FileError e) {
            if (e.code() == FileError.Code.NOT_FOUND || e.code() == FileError.Code.NOT_DIRECTORY) {
              return Optional.empty();
            }
            throw e;
          }
        });
  }

  @Override
  public List<FileEntry> list(String path, int limit) {
    if (limit < 1 || limit > Limits.MAX_ENTRIES) {
      throw new IllegalArgumentException(
          "limit `%d` is not allowed: 1 to %d".formatted(limit, Limits.MAX_ENTRIES));
    }
    var entries = new ArrayList<FileEntry>();
    String after = "";
    boolean more = true;
    while (more && entries.size() < limit) {
      String from = after;
      more = exchange((request, stream) -> page(request, stream, path, from, limit, entries));
      after = entries.isEmpty() ? "" : entries.getLast().name();
    }
    return entries;
  }

  private static boolean page(
      Request request, int stream, String path, String after, int limit, List<FileEntry> entries)
      throws ProtocolViolation {
    ByteBuffer frame =
        FileFrames.begin(FileFrames.LIST, stream, 4, path, after).putInt(limit - entries.size());
    ByteBuffer content = FileFrames.content(request.exchange(Frames.finish(frame)), path);
    boolean more = content.hasRemaining() && content.get() != 0;
    int before = entries.size();
    while (content.hasRemaining()) {
      entries.add(FileFrames.takeEntry(content));
    }
    if (entries.size() > limit || (more && entries.size() == before)) {
      throw new ProtocolViolation("a listing that does not go on");
    }
    return more;
  }

  @Override
  public void delete(String path) {
    plain(FileFrames.DELETE, path);
  }

  @Override
  public void makeDirectory(String path) {
    plain(FileFrames.MKDIR, path);
  }

  @Override
  public void move(String from, String to) {
    plain(FileFrames.MOVE, from, to);
  }
}

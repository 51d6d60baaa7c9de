package dev.holdfast.cli.server;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * What an HTTP/1.1 server answers, read off a socket by hand: the JDK's client costs half a second
 * to load.
 *
 * @param headers their names in lower case
 * @param body ends where the reply does, and fails where the connection ends before
 */
record HttpReply(int status, Map<String, String> headers, InputStream body) {
  private static final int LONGEST_LINE = 16 << 10;

  static HttpReply read(InputStream in) throws IOException {
    var first = line(in).split(" ", 3);
    if (first.length < 2 || !first[0].startsWith("HTTP/1.") || !first[1].matches("[0-9]{3}")) {
      throw new IOException("the server does not answer in HTTP");
    }
    var headers = new HashMap<String, String>();
    for (String line = line(in); !line.isEmpty(); line = line(in)) {
      int colon = line.indexOf(':');
      if (colon > 0) {
        headers.put(
            line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
      }
    }
    return new HttpReply(Integer.parseInt(first[1]), Map.copyOf(headers), body(headers, in));
  }

  private static InputStream body(Map<String, String> headers, InputStream in) {
    if (headers.getOrDefault("transfer-encoding", "").equalsIgnoreCase("chunked")) {
      return new Bounded(in, 0, true);
    }
    return new Bounded(in, Long.parseLong(headers.getOrDefault("content-length", "0")), false);
  }

  static String line(InputStream in) throws IOException {
    var line = new ByteArrayOutputStream();
    for (int b = in.read(); b != '\n'; b = in.read()) {
      if (b < 0 || line.size() > LONGEST_LINE) {
        throw new EOFException("the server broke off");
      }
      line.write(b);
    }
    return line.toString(StandardCharsets.ISO_8859_1).strip();
  }

  /** Bytes up to a length, or in chunks that each say theirs. */
  private static final class Bounded extends FilterInputStream {
    private final boolean chunked;
    private long left;
    private boolean ended;
    private boolean first = true;

    Bounded(InputStream in, long left, boolean chunked) {
      super(in);
      this.left = left;
      this.chunked = chunked;
    }

    @Override
    public int read() throws IOException {
      var one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      if (length == 0) {
        return 0;
      }
      if (left == 0 && !nextChunk()) {
        return -1;
      }
      int count = in.read(bytes, offset, (int) Math.min(length, left));
      if (count < 0) {
        throw new EOFException("the server broke off in the middle of an answer");
      }
      left -= count;
      return count;
    }

    private boolean nextChunk() throws IOException {
      if (!chunked || ended) {
        return false;
      }
      if (!first) {
        line(in); // the line end behind the chunk before
      }
      first = false;
      left = Long.parseLong(line(in).split(";", 2)[0], 16);
      ended = left == 0;
      return !ended;
    }
  }
}

package dev.holdfast.workbench.docker;

import dev.holdfast.workbench.guest.SocketTransport;
import dev.holdfast.workbench.guest.Transport;
import java.io.EOFException;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;

/**
 * The guest's stdin and stdout, through the daemon's connection to a container that is attached to.
 * It is taken over here rather than through the client library, which would put a thread and a copy
 * between each frame and its reader, and cannot be closed from another thread.
 *
 * <p>From the guest come pieces with a header of eight bytes each: one that says which stream it is
 * of, three that are zero, and the piece's length, big-endian. What the guest writes to stderr is
 * its complaint when it cannot start.
 */
final class AttachTransport implements Transport {
  private static final int HEADER = 8;
  private static final int STDOUT = 1;
  private static final int STDERR = 2;
  private static final int BUFFER = 64 << 10;
  private static final int LONGEST_ANSWER = 16 << 10;
  private static final int COMPLAINT = 600;
  private static final Duration ANSWER_LIMIT = Duration.ofSeconds(30);

  private final Transport socket;
  private final ByteBuffer received = ByteBuffer.allocate(BUFFER).flip();
  private final StringBuilder complaint = new StringBuilder();
  private int stream;
  private long left;

  private AttachTransport(Transport socket) {
    this.socket = socket;
  }

  /** Attaches to a container that was not started yet, so that nothing it says is missed. */
  static AttachTransport to(Path daemon, String container) throws IOException {
    SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
    try {
      channel.connect(UnixDomainSocketAddress.of(daemon));
      var transport = new AttachTransport(new SocketTransport(channel));
      transport.upgrade(container);
      return transport;
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  private void upgrade(String container) throws IOException {
    String request =
        """
        POST /containers/%s/attach?stream=1&stdin=1&stdout=1&stderr=1 HTTP/1.1
        Host: docker
        Connection: Upgrade
        Upgrade: tcp
        Content-Length: 0

        """
            .formatted(container)
            .replace("\n", "\r\n");
    var watchdog = Watchdog.closing(this, ANSWER_LIMIT);
    try {
      socket.write(ByteBuffer.wrap(request.getBytes(StandardCharsets.US_ASCII)));
      String answer = answer();
      if (!answer.startsWith("HTTP/1.1 101 ") && !answer.startsWith("HTTP/1.1 200 ")) {
        throw new IOException(
            "the daemon does not attach: `%s`: %s"
                .formatted(answer.lines().findFirst().orElse(""), reason()));
      }
    } finally {
      watchdog.stop();
    }
  }

  /** What the daemon says beside its refusal, as far as it has come. */
  private String reason() throws IOException {
    if (!received.hasRemaining()) {
      receive();
    }
    return StandardCharsets.UTF_8.decode(received).toString().strip();
  }

  /** The answer's head; what follows it is of the guest and stays in the buffer. */
  private String answer() throws IOException {
    var head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      if (head.length() > LONGEST_ANSWER) {
        throw new IOException("the daemon's answer has no end");
      }
      if (!received.hasRemaining() && !receive()) {
        throw new EOFException("the daemon closed the connection");
      }
      head.append((char) received.get());
    }
    return head.toString();
  }

  private boolean receive() throws IOException {
    received.compact();
    int count = socket.read(received);
    received.flip();
    return count >= 0;
  }

  @Override
  public int read(ByteBuffer into) throws IOException {
    while (true) {
      if (left > 0 && received.hasRemaining()) {
        int count = piece(into);
        if (count > 0) {
          return count;
        }
      } else if (left == 0 && received.remaining() >= HEADER) {
        header();
      } else if (!receive()) {
        return -1;
      }
    }
  }

  private void header() throws IOException {
    stream = received.get();
    received.position(received.position() + 3);
    left = Integer.toUnsignedLong(received.getInt());
    if (stream != STDOUT && stream != STDERR) {
      throw new IOException("the daemon sent a piece of stream `%d`".formatted(stream));
    }
  }

  private int piece(ByteBuffer into) {
    int most = stream == STDOUT ? into.remaining() : BUFFER;
    int count = (int) Math.min(Math.min(left, received.remaining()), most);
    ByteBuffer piece = received.slice(received.position(), count);
    received.position(received.position() + count);
    left -= count;
    if (stream == STDOUT) {
      into.put(piece);
      return count;
    }
    complain(StandardCharsets.UTF_8.decode(piece).toString());
    return 0;
  }

  private synchronized void complain(String words) {
    int room = COMPLAINT - complaint.length();
    complaint.append(words, 0, Math.clamp(room, 0, words.length()));
  }

  /** What the guest said on stderr, from its beginning; usually nothing. */
  synchronized String complaint() {
    return complaint.toString().strip();
  }

  @Override
  public void write(ByteBuffer from) throws IOException {
    socket.write(from);
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}

package dev.holdfast.cli.server;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The client's side of RFC 6455, as far as the API needs it. Messages are masked with zeros: masks
 * guard proxies on the way, and a Unix socket has none.
 */
public final class WebSocket implements AutoCloseable {
  static final int SWITCHING = 101;

  /** The key is for proxies too: nothing caches a Unix socket. */
  static final String REQUEST =
      """
      Connection: Upgrade\r
      Upgrade: websocket\r
      Sec-WebSocket-Version: 13\r
      Sec-WebSocket-Key: aG9sZGZhc3QgY2xpZW50IQ==\r
      """;

  private static final int TEXT = 1;
  private static final int BINARY = 2;
  private static final int CLOSE = 8;
  private static final int PING = 9;
  private static final int PONG = 10;
  private static final int LAST = 0x80;
  private static final int MASKED = 0x80;
  private static final int SHORT = 126;
  private static final int LONG = 127;
  private static final int LARGEST_MESSAGE = 1 << 20;

  private final SocketChannel channel;
  private final DataInputStream in;

  WebSocket(SocketChannel channel, InputStream in) {
    this.channel = channel;
    this.in = new DataInputStream(in);
  }

  /** What the server says. */
  public sealed interface Message {
    /** Something about the stream. */
    record Text(JsonNode json) implements Message {}

    /** A piece of the stream. */
    record Bytes(byte[] bytes) implements Message {}
  }

  public void send(Object json) throws IOException {
    var bytes = ApiClient.JSON.writeValueAsBytes(json);
    send(TEXT, bytes, bytes.length);
  }

  public void send(byte[] bytes, int length) throws IOException {
    send(BINARY, bytes, length);
  }

  private synchronized void send(int type, byte[] bytes, int length) throws IOException {
    var frame = ByteBuffer.allocate(14 + length).put((byte) (LAST | type));
    if (length < SHORT) {
      frame.put((byte) (MASKED | length));
    } else if (length <= 0xffff) {
      frame.put((byte) (MASKED | SHORT)).putShort((short) length);
    } else {
      frame.put((byte) (MASKED | LONG)).putLong(length);
    }
    frame.putInt(0).put(bytes, 0, length).flip();
    while (frame.hasRemaining()) {
      channel.write(frame);
    }
  }

  /** Waits for a message; null when the server has closed the stream. */
  public @Nullable Message receive() throws IOException {
    var message = new ByteArrayOutputStream();
    int type = 0;
    while (true) {
      int first = in.readUnsignedByte();
      byte[] payload = in.readNBytes(length(message.size()));
      switch (first & 0xf) {
        case CLOSE -> {
          return null;
        }
        case PING -> send(PONG, payload, payload.length);
        case PONG -> {}
        default -> {
          type = (first & 0xf) == 0 ? type : first & 0xf;
          message.writeBytes(payload);
          if ((first & LAST) != 0) {
            return message(type, message.toByteArray());
          }
        }
      }
    }
  }

  private int length(int before) throws IOException {
    int second = in.readUnsignedByte();
    long length =
        switch (second) {
          case SHORT -> in.readUnsignedShort();
          case LONG -> in.readLong();
          default -> second;
        };
    if (length < 0 || length + before > LARGEST_MESSAGE) {
      throw new EOFException("the server sent a message of `%d` bytes".formatted(length));
    }
    return (int) length;
  }

  private static Message message(int type, byte[] payload) {
    return type == TEXT
        ? new Message.Text(ApiClient.JSON.readTree(new String(payload, StandardCharsets.UTF_8)))
        : new Message.Bytes(payload);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}

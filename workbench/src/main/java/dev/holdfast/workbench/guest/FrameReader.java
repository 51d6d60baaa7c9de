package dev.holdfast.workbench.guest;

import java.io.IOException;
import java.nio.ByteBuffer;

/** Cuts the bytes of a guest into frames, and believes no length before it has checked it. */
final class FrameReader {
  private static final int SMALL = 16 << 10;

  private final Handler handler;
  private ByteBuffer buffer = ByteBuffer.allocateDirect(SMALL);

  /** Takes a frame; the payload is only valid during the call. */
  interface Handler {
    void onFrame(int type, int sub, int stream, ByteBuffer payload) throws ProtocolViolation;
  }

  FrameReader(Handler handler) {
    this.handler = handler;
  }

  /** Reads what there is; false at the end of the stream. */
  boolean fill(Transport transport) throws IOException, ProtocolViolation {
    if (transport.read(buffer) >= 0) {
      return true;
    }
    if (buffer.position() > 0) {
      throw new ProtocolViolation("the stream ended within a frame");
    }
    return false;
  }

  /** Hands on every whole frame that has been read, and makes room for the next one. */
  void handle() throws ProtocolViolation {
    buffer.flip();
    int needed = Protocol.HEADER;
    while (buffer.remaining() >= Protocol.HEADER) {
      int length = lengthOfNext();
      needed = Protocol.HEADER + length;
      if (buffer.remaining() < needed) {
        break;
      }
      handleOne(length);
      needed = Protocol.HEADER;
    }
    makeRoom(needed);
  }

  private int lengthOfNext() throws ProtocolViolation {
    int length = buffer.getInt(buffer.position());
    if (length < 0 || length > Limits.MAX_RECEIVED_PAYLOAD) {
      throw new ProtocolViolation(
          "a frame claims `%d` bytes, at most %d are allowed"
              .formatted(Integer.toUnsignedLong(length), Limits.MAX_RECEIVED_PAYLOAD));
    }
    if (buffer.getShort(buffer.position() + 10) != 0) {
      throw new ProtocolViolation("a frame's reserved bytes are not zero");
    }
    return length;
  }

  private void handleOne(int length) throws ProtocolViolation {
    int start = buffer.position();
    int end = start + Protocol.HEADER + length;
    ByteBuffer payload = buffer.slice(start + Protocol.HEADER, length);
    handler.onFrame(
        buffer.get(start + 8) & 0xff,
        buffer.get(start + 9) & 0xff,
        buffer.getInt(start + 4),
        payload);
    buffer.position(end);
  }

  /** Grows for a large frame, and shrinks again behind it: most guests never send one. */
  private void makeRoom(int needed) {
    int capacity = Math.max(SMALL, needed);
    if (capacity <= buffer.capacity() && (buffer.hasRemaining() || buffer.capacity() == SMALL)) {
      buffer.compact();
      return;
    }
    buffer = ByteBuffer.allocateDirect(capacity).put(buffer);
  }
}

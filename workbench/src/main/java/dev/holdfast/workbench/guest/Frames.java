package dev.holdfast.workbench.guest;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Making frames. */
final class Frames {
  private Frames() {}

  /** A frame with room for a payload; {@link #finish} sets its length. */
  static ByteBuffer begin(int type, int sub, int stream, int room) {
    return ByteBuffer.allocate(Protocol.HEADER + room)
        .putInt(0)
        .putInt(stream)
        .put((byte) type)
        .put((byte) sub)
        .putShort((short) 0);
  }

  static ByteBuffer finish(ByteBuffer frame) {
    return frame.putInt(0, frame.position() - Protocol.HEADER).flip();
  }

  static ByteBuffer empty(int type, int sub, int stream) {
    return finish(begin(type, sub, stream, 0));
  }

  static ByteBuffer credit(int sub, int stream, int bytes) {
    return finish(begin(Protocol.CREDIT, sub, stream, 4).putInt(bytes));
  }

  static ByteBuffer data(int sub, int stream, byte[] bytes, int offset, int length) {
    return finish(begin(Protocol.DATA, sub, stream, length).put(bytes, offset, length));
  }

  /** How many bytes {@link #putString} takes for it. */
  static int sizeOf(byte[] string) {
    return 4 + string.length + 1;
  }

  static ByteBuffer putString(ByteBuffer frame, byte[] string) {
    return frame.putInt(string.length).put(string).put((byte) 0);
  }

  static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** Takes a string off a payload that the guest wrote. */
  static String takeString(ByteBuffer payload) throws ProtocolViolation {
    int length = payload.remaining() < 5 ? -1 : payload.getInt();
    if (length < 0 || length >= payload.remaining()) {
      throw new ProtocolViolation(
          "a string of `%d` bytes does not fit its frame".formatted(length));
    }
    var bytes = new byte[length];
    payload.get(bytes);
    payload.get();
    return new String(bytes, StandardCharsets.UTF_8);
  }

  /** Refuses a payload that is not of the length that its type has. */
  static void requireLength(ByteBuffer payload, int length) throws ProtocolViolation {
    if (payload.remaining() != length) {
      throw new ProtocolViolation(
          "a payload has `%d` bytes where %d belong".formatted(payload.remaining(), length));
    }
  }
}

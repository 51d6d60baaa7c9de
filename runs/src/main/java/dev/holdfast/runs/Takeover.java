package dev.holdfast.runs;

import dev.holdfast.actor.UserId;
import dev.holdfast.tool.CallId;
import dev.holdfast.workbench.ExecSpec.TerminalSize;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;

/** A person's side of a takeover, and the messages both sides speak. Numbers are big-endian. */
public final class Takeover implements AutoCloseable {
  /** Names no call: what is said here belongs to none. */
  static final CallId NO_CALL = new CallId("c-0");

  private static final int MOST_KEYS = 16 << 10;

  private final SocketChannel channel;
  private final DataOutputStream out;

  private Takeover(SocketChannel channel) {
    this.channel = channel;
    this.out = new DataOutputStream(Channels.newOutputStream(channel));
  }

  /**
   * Takes over the run that listens at {@code socket}.
   *
   * @throws IOException when no process executes the run
   */
  public static Takeover begin(Path socket, UserId by, TerminalSize size) throws IOException {
    var takeover = new Takeover(SocketChannel.open(UnixDomainSocketAddress.of(socket)));
    new Hello(by, size).write(takeover.out);
    return takeover;
  }

  /** What the shell's terminal shows; ends when the shell does. */
  public InputStream output() {
    return Channels.newInputStream(channel);
  }

  /** Sends keys, at most 16 KiB at once. */
  public synchronized void keys(byte[] keys, int length) throws IOException {
    out.writeByte(Frame.KEYS);
    out.writeInt(length);
    out.write(keys, 0, length);
    out.flush();
  }

  public synchronized void resize(TerminalSize size) throws IOException {
    out.writeByte(Frame.RESIZE);
    writeSize(out, size);
    out.flush();
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }

  private static void writeSize(DataOutputStream out, TerminalSize size) throws IOException {
    out.writeShort(size.rows());
    out.writeShort(size.columns());
  }

  private static TerminalSize readSize(DataInputStream in) throws IOException {
    int rows = in.readUnsignedShort();
    int columns = in.readUnsignedShort();
    try {
      return new TerminalSize(rows, columns);
    } catch (IllegalArgumentException wrong) {
      throw new IOException(wrong.getMessage(), wrong);
    }
  }

  /** Who takes over, on a terminal of which size. */
  record Hello(UserId by, TerminalSize size) {
    void write(OutputStream to) throws IOException {
      var out = new DataOutputStream(to);
      out.writeUTF(by.value());
      writeSize(out, size);
      out.flush();
    }

    static Hello read(DataInputStream in) throws IOException {
      var name = in.readUTF();
      try {
        return new Hello(new UserId(name), readSize(in));
      } catch (IllegalArgumentException wrong) {
        throw new IOException(wrong.getMessage(), wrong);
      }
    }
  }

  /** What a person's terminal sends. */
  sealed interface Frame {
    int KEYS = 0;
    int RESIZE = 1;

    record Keys(byte[] bytes) implements Frame {}

    record Resize(TerminalSize size) implements Frame {}

    static Frame read(DataInputStream in) throws IOException {
      int type = in.readUnsignedByte();
      return switch (type) {
        case KEYS -> new Keys(readKeys(in));
        case RESIZE -> new Resize(readSize(in));
        default -> throw new IOException("frame type `%d` is not known".formatted(type));
      };
    }

    private static byte[] readKeys(DataInputStream in) throws IOException {
      int length = in.readInt();
      if (length < 0 || length > MOST_KEYS) {
        throw new IOException("`%d` keys at once: 16384 are allowed".formatted(length));
      }
      var bytes = in.readNBytes(length);
      if (bytes.length < length) {
        throw new EOFException("the terminal ended within a frame");
      }
      return bytes;
    }
  }
}

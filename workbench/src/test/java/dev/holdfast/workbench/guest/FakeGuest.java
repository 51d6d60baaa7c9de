package dev.holdfast.workbench.guest;

import dev.holdfast.workbench.WorkbenchId;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** The guest's end of a channel in a test's hands: it says whatever a hostile guest might. */
final class FakeGuest implements AutoCloseable {
  /** A frame of the host. */
  record Frame(int type, int sub, int stream, byte[] payload) {}

  final GuestWorkbench host;
  final CompletableFuture<ChannelEnd> ended;
  private final SocketChannel socket;
  private final DataInputStream in;

  private FakeGuest(
      GuestWorkbench host,
      CompletableFuture<ChannelEnd> ended,
      SocketChannel socket,
      DataInputStream in) {
    this.host = host;
    this.ended = ended;
    this.socket = socket;
    this.in = in;
  }

  static FakeGuest greeted() {
    try {
      Path directory = Files.createTempDirectory("fake-guest");
      Path path = directory.resolve("channel");
      try (var server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
        server.bind(UnixDomainSocketAddress.of(path));
        var socket = SocketChannel.open(UnixDomainSocketAddress.of(path));
        SocketChannel hostEnd = server.accept();
        Files.delete(path);
        Files.delete(directory);
        return greet(socket, hostEnd);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static FakeGuest greet(SocketChannel socket, SocketChannel hostEnd) throws IOException {
    var ended = new CompletableFuture<ChannelEnd>();
    var settings = new GuestSettings(Map.of(), OomProbe.NEVER, ended::complete);
    var in = new DataInputStream(Channels.newInputStream(socket));
    var welcome =
        Frames.finish(Frames.begin(Protocol.WELCOME, 0, 0, 8).putInt(Protocol.VERSION).putInt(1));
    socket.write(welcome);
    var host = GuestWorkbench.over(hostEnd, WorkbenchId.random(), settings);
    var guest = new FakeGuest(host, ended, socket, in);
    guest.next();
    return guest;
  }

  /** The host's next frame. */
  Frame next() throws IOException {
    int length = in.readInt();
    int stream = in.readInt();
    int type = in.readUnsignedByte();
    int sub = in.readUnsignedByte();
    in.readShort();
    return new Frame(type, sub, stream, in.readNBytes(length));
  }

  /** The host's next frame of a type, others skipped. */
  Frame next(int type) throws IOException {
    Frame frame = next();
    while (frame.type() != type) {
      frame = next();
    }
    return frame;
  }

  void say(ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      socket.write(bytes);
    }
  }

  void say(int type, int sub, int stream, byte... payload) throws IOException {
    say(Frames.finish(Frames.begin(type, sub, stream, payload.length).put(payload)));
  }

  /** The end of an execution: exited with {@code code}, both outputs complete. */
  void sayExit(int stream, int code) throws IOException {
    say(
        Frames.finish(
            Frames.begin(Protocol.EXIT, 0, stream, 43)
                .put((byte) 0)
                .put((byte) 3)
                .putInt(code)
                .putLong(1)
                .putLong(1)
                .putLong(1)
                .putLong(1)
                .putInt(0)
                .put((byte) 0)));
  }

  void hangUp() throws IOException {
    socket.close();
  }

  @Override
  public void close() {
    host.close();
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

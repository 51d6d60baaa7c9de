package dev.holdfast.workbench.guest;

import dev.holdfast.workbench.Connection;
import dev.holdfast.workbench.ExecResult;
import dev.holdfast.workbench.ExecSpec;
import dev.holdfast.workbench.Execution;
import dev.holdfast.workbench.FileEvents;
import dev.holdfast.workbench.GuestFiles;
import dev.holdfast.workbench.WorkbenchException;
import dev.holdfast.workbench.WorkbenchId;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * A live guest at the other end of a byte stream: everything a workbench does except being made and
 * being removed. Thread-safe. A layer's workbench holds one and passes its calls on.
 */
public final class GuestWorkbench implements AutoCloseable {
  private static final Duration ANSWER = Duration.ofSeconds(2);
  private static final Duration HEARD_LATELY = Duration.ofMillis(500);

  private final GuestChannel channel;
  private final GuestSettings settings;
  private final GuestFiles files;

  private GuestWorkbench(Transport transport, WorkbenchId id, GuestSettings settings) {
    this.settings = settings;
    this.channel = new GuestChannel(transport, id.value(), settings.onEnd());
    this.files = new ChannelFiles(channel);
  }

  private static GuestWorkbench greeted(
      Transport transport, WorkbenchId id, GuestSettings settings) {
    var guest = new GuestWorkbench(transport, id, settings);
    guest.channel.greet();
    return guest;
  }

  /**
   * Greets a guest that goes on from a saved state at the other end of a connected socket, and owns
   * the socket from now on.
   *
   * @param lastStream what {@link #lastStream} was when the state was saved
   * @throws WorkbenchException when the guest does not answer in time
   */
  public static GuestWorkbench continued(
      SocketChannel socket, WorkbenchId id, GuestSettings settings, int lastStream) {
    var guest = new GuestWorkbench(transport(socket), id, settings);
    guest.channel.greetAgain(lastStream);
    return guest;
  }

  private static Transport transport(SocketChannel socket) {
    try {
      return new SocketTransport(socket);
    } catch (IOException e) {
      throw new WorkbenchException("the guest's socket cannot be used: " + e.getMessage(), e);
    }
  }

  /**
   * Greets the guest at the other end of a connected socket, and owns the socket from now on.
   *
   * @throws WorkbenchException when the guest does not answer in time
   */
  public static GuestWorkbench over(SocketChannel socket, WorkbenchId id, GuestSettings settings) {
    return greeted(transport(socket), id, settings);
  }

  /**
   * Greets the guest at the other end of two streams, and owns them from now on.
   *
   * @param both closes both such that a blocked read and a blocked write return
   * @throws WorkbenchException when the guest does not answer in time
   */
  public static GuestWorkbench over(
      InputStream in, OutputStream out, Closeable both, WorkbenchId id, GuestSettings settings) {
    return greeted(new StreamTransport(in, out, both), id, settings);
  }

  /**
   * Greets the guest at the other end of a transport, and owns the transport from now on.
   *
   * @throws WorkbenchException when the guest does not answer in time
   */
  public static GuestWorkbench over(Transport transport, WorkbenchId id, GuestSettings settings) {
    return greeted(transport, id, settings);
  }

  /** See {@link dev.holdfast.workbench.Workbench#start}. */
  public Execution start(ExecSpec spec) {
    return begin(spec);
  }

  /** See {@link dev.holdfast.workbench.Workbench#exec}. An interrupt kills the program. */
  public ExecResult exec(ExecSpec spec) {
    return begin(spec).gather();
  }

  private GuestExecution begin(ExecSpec spec) {
    var execution = new GuestExecution(channel, spec, settings.oom());
    execution.start(new ExecFrame(spec, settings.env()));
    return execution;
  }

  /** See {@link dev.holdfast.workbench.Workbench#files}. */
  public GuestFiles files() {
    return files;
  }

  /**
   * See {@link dev.holdfast.workbench.Workbench#relay}. Closing it takes no more connections; those
   * that are open go on.
   *
   * @throws WorkbenchException when the port is taken inside, or the loopback interface is down
   */
  public AutoCloseable relay(int guestPort, Path target) {
    requirePort(guestPort);
    return new Relay(channel, channel.relays(), guestPort, target);
  }

  private static void requirePort(int port) {
    if (port < 1 || port > 65_535) {
      throw new IllegalArgumentException("port `%d` is not allowed: 1 to 65535".formatted(port));
    }
  }

  /** See {@link dev.holdfast.workbench.Workbench#connect}. */
  public Connection connect(int guestPort) {
    requirePort(guestPort);
    return new Connecting(channel, guestPort).await();
  }

  /** See {@link dev.holdfast.workbench.Workbench#watch}. */
  public FileEvents watch(String path) {
    if (!path.isEmpty() && !WatchFrames.isPlain(path)) {
      throw new IllegalArgumentException(
          "path `%s` is not allowed: it is relative to the workspace, without `.` and `..`"
              .formatted(path));
    }
    return new GuestWatch(channel, path);
  }

  /** Ends every process inside except the guest itself. */
  public void killAll() {
    new Request(channel).call(id -> Frames.empty(Protocol.KILL_ALL, 0, id));
  }

  /**
   * Whether the guest answers within two seconds. One that was heard of a moment ago is not asked:
   * what is sent to it next finds out just as soon.
   */
  public boolean alive() {
    return (channel.end() == null && wasHeardLately()) || answers();
  }

  /** Whether the guest answers within two seconds when it is asked now. */
  public boolean answers() {
    return channel.end() == null && channel.pings().await(ANSWER);
  }

  private boolean wasHeardLately() {
    return System.nanoTime() - channel.lastRead() < HEARD_LATELY.toNanos();
  }

  /**
   * Brings the guest to rest: it says nothing, and whoever calls waits, until {@link #release}. Not
   * while it is at rest.
   *
   * @throws WorkbenchException when the guest does not come to rest; the workbench is gone then
   */
  public void hold() {
    channel.hold();
  }

  /** Ends the rest. */
  public void release() {
    channel.release();
  }

  /** The highest number that a stream has had: what a saved state has to be greeted with. */
  public int lastStream() {
    return channel.lastStream();
  }

  /** Why the channel is no more; empty while it lives. */
  public Optional<ChannelEnd> end() {
    return Optional.ofNullable(channel.end());
  }

  /** Closes the channel; the guest ends, and every process inside with it. */
  @Override
  public void close() {
    channel.close();
  }
}

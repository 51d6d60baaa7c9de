package dev.holdfast.workbench.guest;

import dev.holdfast.workbench.WorkbenchException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The frames to and from one guest. A platform thread reads and hands frames to their streams; it
 * never writes and never waits for anything else, so no behaviour of a guest can block it. Callers
 * write themselves. Whatever the guest does wrong closes the channel, with a reason.
 */
final class GuestChannel implements AutoCloseable {
  private static final long READER_STACK = 256 << 10;

  private final Transport transport;
  private final Consumer<ChannelEnd> onEnd;
  private final Map<Integer, FrameStream> streams = new ConcurrentHashMap<>();
  private final AtomicInteger lastId = new AtomicInteger();
  private final AtomicReference<@Nullable ChannelEnd> end = new AtomicReference<>();
  private final ReentrantLock writing = new ReentrantLock();
  private final CountDownLatch greeted = new CountDownLatch(1);
  private final Rest rest = new Rest(this);
  private final Pings pings = new Pings(this);
  private final Monitor monitor;
  private volatile long writingSince;
  private volatile long lastRead = System.nanoTime();
  private final Relays relays = new Relays(this);

  GuestChannel(Transport transport, String name, Consumer<ChannelEnd> onEnd) {
    this.transport = transport;
    this.onEnd = onEnd;
    this.monitor = new Monitor(this, name);
    monitor.start();
    Thread.ofPlatform()
        .daemon()
        .stackSize(READER_STACK)
        .name("guest-reader-" + name)
        .start(this::read);
  }

  /**
   * Says hello and waits for the answer.
   *
   * @throws WorkbenchException when none comes in time, or a wrong one
   */
  void greet() {
    greet(Frames.finish(Frames.begin(Protocol.HELLO, 0, 0, 4).putInt(Protocol.VERSION)));
  }

  /**
   * As {@link #greet}, to a guest that was saved at rest and goes on.
   *
   * @param lastStream what {@link #lastStream} was then: streams up to it are unknown here
   */
  void greetAgain(int lastStream) {
    lastId.set(lastStream);
    greet(Frames.finish(Frames.begin(Protocol.CONTINUE, 0, 0, 4).putInt(lastStream + 1)));
  }

  private void greet(ByteBuffer greeting) {
    send(greeting);
    try {
      if (!greeted.await(Limits.GREETING.toMillis(), TimeUnit.MILLISECONDS)) {
        fail(ChannelEnd.Cause.SILENT, "the guest did not answer the greeting");
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      fail(ChannelEnd.Cause.CLOSED, "interrupted while the guest was greeted");
    }
    requireOpen();
  }

  /** Registers a stream and returns its id. */
  int open(FrameStream stream) {
    requireOpen();
    if (streams.size() >= Limits.MAX_STREAMS) {
      throw new WorkbenchException(
          "too many operations at once in one workbench: at most %d".formatted(Limits.MAX_STREAMS));
    }
    int id;
    do {
      id = lastId.incrementAndGet() & Integer.MAX_VALUE;
    } while (id == 0 || streams.putIfAbsent(id, stream) != null);
    ChannelEnd ended = end.get();
    if (ended != null) { // it may have been registered too late to be told
      streams.remove(id);
      throw gone(ended);
    }
    return id;
  }

  /** Forgets a stream: from now on the guest must not use its id. */
  void forget(int id) {
    streams.remove(id);
  }

  /** The highest number that a stream of the host has had. */
  int lastStream() {
    return lastId.get();
  }

  /** See {@link Rest}. */
  boolean isHeld() {
    return rest.isHeld();
  }

  /** Brings the channel to rest: who sends from now on waits. */
  void hold() {
    writing.lock();
    try {
      requireOpen();
      rest.begin();
      transport.write(Frames.empty(Protocol.SUSPEND, 0, 0));
      rest.awaitSilence();
    } catch (IOException e) {
      fail(ChannelEnd.Cause.GUEST_GONE, "the guest is gone (" + e + ")");
    } finally {
      writing.unlock();
    }
    requireOpen();
  }

  /** Ends the rest; the guest goes on with the next frame, which this sends. */
  void release() {
    long held = rest.nanos();
    streams.values().forEach(stream -> stream.onHeld(held));
    lastRead = System.nanoTime();
    rest.end();
    monitor.wake();
    pings.ask();
  }

  Monitor monitor() {
    return monitor;
  }

  Relays relays() {
    return relays;
  }

  Pings pings() {
    return pings;
  }

  Map<Integer, FrameStream> streams() {
    return streams;
  }

  @Nullable ChannelEnd end() {
    return end.get();
  }

  long lastRead() {
    return lastRead;
  }

  /** When the write under way began, on the clock of {@link System#nanoTime()}; 0 for none. */
  long writingSince() {
    return writingSince;
  }

  void requireOpen() {
    ChannelEnd ended = end.get();
    if (ended != null) {
      throw gone(ended);
    }
  }

  private static WorkbenchException gone(ChannelEnd ended) {
    return new WorkbenchException("the workbench is gone: " + ended.detail());
  }

  /** Sends a frame; waits while the guest does not read. Not to be called by the reader. */
  void send(ByteBuffer frame) {
    lockOnceMoving();
    try {
      requireOpen();
      writingSince = System.nanoTime() | 1;
      transport.write(frame);
    } catch (IOException e) {
      fail(ChannelEnd.Cause.GUEST_GONE, "the guest is gone (" + e + ")");
      requireOpen();
    } finally {
      writingSince = 0;
      writing.unlock();
    }
  }

  private void lockOnceMoving() {
    writing.lock();
    while (rest.isHeld() && end.get() == null) {
      writing.unlock();
      rest.awaitEnd();
      writing.lock();
    }
  }

  /**
   * Sends a frame from a thread of its own, for those that must not wait; an ended channel is fine.
   */
  void sendLater(ByteBuffer frame) {
    Thread.startVirtualThread(
        () -> {
          try {
            send(frame);
          } catch (WorkbenchException _) {
            // Every stream has been told that the channel ended.
          }
        });
  }

  /** Ends the channel; only the first reason counts. */
  void fail(ChannelEnd.Cause cause, String detail) {
    var reason = new ChannelEnd(cause, detail);
    if (!end.compareAndSet(null, reason)) {
      return;
    }
    try {
      transport.close();
    } catch (IOException _) {
      // Nothing more can be done about it, and nothing more is read or written.
    }
    greeted.countDown();
    rest.onChannelEnd();
    pings.onEnd();
    streams.values().forEach(stream -> stream.onEnd(reason));
    streams.clear();
    relays.onEnd();
    monitor.wake();
    onEnd.accept(reason);
  }

  /** Ends the channel because of what an answer said, and says so. */
  WorkbenchException violated(ProtocolViolation violation) {
    fail(ChannelEnd.Cause.VIOLATION, "the guest broke the protocol: " + violation.getMessage());
    return new WorkbenchException(
        "the guest broke the protocol: " + violation.getMessage(), violation);
  }

  @Override
  public void close() {
    fail(ChannelEnd.Cause.CLOSED, "it was closed");
  }

  private void read() {
    var reader = new FrameReader(this::dispatch);
    try {
      while (reader.fill(transport)) {
        lastRead = System.nanoTime();
        reader.handle();
      }
      fail(ChannelEnd.Cause.GUEST_GONE, "the guest ended");
    } catch (ProtocolViolation e) {
      fail(ChannelEnd.Cause.VIOLATION, "the guest broke the protocol: " + e.getMessage());
    } catch (IOException e) {
      fail(ChannelEnd.Cause.GUEST_GONE, "the guest is gone (" + e + ")");
    } catch (RuntimeException e) { // fail closed: a defect here must not leave callers waiting
      fail(ChannelEnd.Cause.VIOLATION, "a frame of the guest could not be handled (" + e + ")");
    }
  }

  private void dispatch(int type, int sub, int id, ByteBuffer payload) throws ProtocolViolation {
    if (id == 0) {
      onControl(type, payload);
      return;
    }
    if (greeted.getCount() != 0) {
      throw new ProtocolViolation("stream `%d` before the greeting".formatted(id));
    }
    if (type == Protocol.ACCEPTED) {
      relays.onAccepted(id, payload);
      return;
    }
    FrameStream stream = streams.get(id);
    if (stream == null) {
      throw new ProtocolViolation("frame type `%#x` for unknown stream `%d`".formatted(type, id));
    }
    stream.onFrame(type, sub, payload);
  }

  private void onControl(int type, ByteBuffer payload) throws ProtocolViolation {
    switch (type) {
      case Protocol.WELCOME -> {
        Frames.requireLength(payload, 8);
        int version = payload.getInt();
        if (version != Protocol.VERSION || greeted.getCount() == 0) {
          throw new ProtocolViolation("a greeting of version `%d`".formatted(version));
        }
        greeted.countDown();
      }
      case Protocol.SUSPENDED -> {
        Frames.requireLength(payload, 0);
        rest.onSilence();
      }
      case Protocol.PONG -> {
        Frames.requireLength(payload, 8);
        pings.onPong(payload.getLong());
      }
      default -> throw new ProtocolViolation("control frame type `%#x`".formatted(type));
    }
  }
}

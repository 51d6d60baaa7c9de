package dev.holdfast.workbench.guest;

import dev.holdfast.workbench.WorkbenchException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/** A question to the guest with one answer for every frame sent: a REPLY on the same stream. */
final class Request implements FrameStream {
  private final GuestChannel channel;
  private final Deque<ByteBuffer> answers = new ArrayDeque<>();
  private int id;
  private int expected;
  private @Nullable ChannelEnd end;

  Request(GuestChannel channel) {
    this.channel = channel;
  }

  /** Opens the stream, sends one frame, and waits for its one answer. */
  ByteBuffer call(IntFunction<ByteBuffer> frame) {
    open();
    try {
      return exchange(frame.apply(id));
    } finally {
      close();
    }
  }

  int open() {
    id = channel.open(this);
    channel.monitor().watch(System.nanoTime() + Limits.QUIET.toNanos());
    return id;
  }

  ByteBuffer exchange(ByteBuffer frame) {
    send(frame);
    return await();
  }

  void send(ByteBuffer frame) {
    synchronized (this) {
      expected++;
    }
    channel.send(frame);
  }

  /** Sends a further part of a question that has one answer altogether. */
  void sendMore(ByteBuffer frame) {
    channel.send(frame);
  }

  synchronized boolean isAnswered() {
    return !answers.isEmpty() || end != null;
  }

  /**
   * Waits for an answer, also through an interrupt: the guest answers soon, or the channel ends.
   */
  synchronized ByteBuffer await() {
    boolean interrupted = false;
    while (answers.isEmpty() && end == null) {
      try {
        wait();
      } catch (InterruptedException _) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    ByteBuffer answer = answers.poll();
    if (answer == null) {
      throw new WorkbenchException("the workbench is gone: " + (end == null ? "" : end.detail()));
    }
    return answer;
  }

  void close() {
    channel.forget(id);
  }

  @Override
  public synchronized void onFrame(int type, int sub, ByteBuffer payload) throws ProtocolViolation {
    if (type != Protocol.REPLY || expected == 0 || payload.remaining() < 4) {
      throw new ProtocolViolation("frame type `%#x` where an answer belongs".formatted(type));
    }
    expected--;
    answers.add(ByteBuffer.allocate(payload.remaining()).put(payload).flip());
    notifyAll();
  }

  @Override
  public synchronized void onEnd(ChannelEnd reason) {
    end = reason;
    notifyAll();
  }
}

package dev.holdfast.workbench.guest;

import dev.holdfast.workbench.FileError;
import dev.holdfast.workbench.FileEvent;
import dev.holdfast.workbench.FileEvents;
import dev.holdfast.workbench.WorkbenchException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A directory that the guest looks at; what it tells is bounded by its credit until it is taken.
 */
final class GuestWatch implements FrameStream, FileEvents {
  /**
   * @param bytes what it took on the channel
   */
  private record Told(FileEvent event, int bytes) {}

  private final GuestChannel channel;
  private final int id;
  private final Deque<Told> events = new ArrayDeque<>();
  private final Window window = new Window();
  private @Nullable ByteBuffer answer;
  private boolean closing;
  private boolean ended;
  private @Nullable String broken;

  /**
   * Begins, and waits until everything that is there is looked at.
   *
   * @throws FileError when there is no such directory
   * @throws WorkbenchException when it takes longer than a minute
   */
  GuestWatch(GuestChannel channel, String path) {
    this.channel = channel;
    this.id = channel.open(this);
    byte[] name = FileFrames.encode(path);
    var frame = Frames.begin(Protocol.WATCH, 0, id, Frames.sizeOf(name));
    channel.send(Frames.finish(Frames.putString(frame, name)));
    try {
      FileFrames.content(awaitAnswer(), path);
    } catch (ProtocolViolation e) {
      throw channel.violated(e);
    }
  }

  private synchronized ByteBuffer awaitAnswer() {
    long deadline = System.nanoTime() + Limits.FIRST_LOOK.toNanos();
    try {
      for (long left = Limits.FIRST_LOOK.toNanos();
          answer == null && broken == null && left > 0;
          left = deadline - System.nanoTime()) {
        TimeUnit.NANOSECONDS.timedWait(this, left);
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    if (answer == null) {
      close();
      throw new WorkbenchException(
          broken == null ? "the files were not looked at in time" : broken);
    }
    return answer;
  }

  @Override
  public Optional<FileEvent> next() throws IOException, InterruptedException {
    Told told;
    int credit;
    synchronized (this) {
      while (events.isEmpty() && !ended && broken == null) {
        wait();
      }
      told = events.poll();
      if (told == null) {
        if (broken != null) {
          throw new IOException(broken);
        }
        return Optional.empty();
      }
      credit = ended ? 0 : window.taken(told.bytes());
    }
    if (credit > 0) {
      channel.send(Frames.credit(Protocol.STDOUT, id, credit));
    }
    return Optional.of(told.event());
  }

  @Override
  public synchronized void close() {
    if (!closing && !ended && broken == null) {
      channel.sendLater(Frames.empty(Protocol.CLOSE, 0, id));
    }
    closing = true;
    breakOff("it was closed");
  }

  private void breakOff(String why) {
    if (broken == null) {
      broken = why;
    }
    notifyAll();
  }

  @Override
  public synchronized void onFrame(int type, int sub, ByteBuffer payload) throws ProtocolViolation {
    switch (type) {
      case Protocol.REPLY -> onAnswer(payload);
      case Protocol.DATA -> onEvent(payload);
      case Protocol.CLOSE -> onClose();
      default -> throw new ProtocolViolation("frame type `%#x` for a watch".formatted(type));
    }
    notifyAll();
  }

  private void onAnswer(ByteBuffer payload) throws ProtocolViolation {
    if (answer != null || payload.remaining() < 4) {
      throw new ProtocolViolation("a second answer, or half a one");
    }
    answer = ByteBuffer.allocate(payload.remaining()).put(payload).flip();
    if (answer.getInt(0) != 0) {
      channel.forget(id);
    }
  }

  private void onEvent(ByteBuffer payload) throws ProtocolViolation {
    int bytes = payload.remaining();
    if (!window.hasRoom(bytes) || bytes == 0) {
      throw new ProtocolViolation("an event of `%d` bytes without credit".formatted(bytes));
    }
    window.fill(bytes);
    var event = WatchFrames.event(payload);
    if (!closing) {
      events.add(new Told(event, bytes));
    }
  }

  private void onClose() throws ProtocolViolation {
    if (answer == null) {
      throw new ProtocolViolation("an end before the answer");
    }
    ended = true;
    channel.forget(id);
  }

  @Override
  public synchronized void onEnd(ChannelEnd reason) {
    breakOff("the workbench is gone: " + reason.detail());
  }
}

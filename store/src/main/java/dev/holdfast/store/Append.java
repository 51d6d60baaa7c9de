package dev.holdfast.store;

import dev.holdfast.run.EventLogException;
import dev.holdfast.run.RecordedEvent;
import dev.holdfast.run.RunEvent;
import dev.holdfast.run.RunId;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** One caller's events on their way into the log, and what became of them. */
final class Append {
  private final RunId run;
  private final List<RunEvent> events;
  private final List<byte[]> bodies;
  private final Thread caller = Thread.currentThread();
  private @Nullable EventLogException failure;
  private List<RecordedEvent> recorded = List.of();
  // Written last and read first: publishes the two fields above.
  private volatile boolean done;

  Append(RunId run, List<RunEvent> events) {
    this.run = run;
    this.events = List.copyOf(events);
    this.bodies = this.events.stream().map(EventJson::encode).toList();
  }

  RunId run() {
    return run;
  }

  List<RunEvent> events() {
    return events;
  }

  byte[] body(int index) {
    return bodies.get(index);
  }

  void succeed(List<RecordedEvent> places) {
    recorded = places;
    done = true;
    wake();
  }

  void fail(EventLogException why) {
    failure = why;
    done = true;
    wake();
  }

  boolean isDone() {
    return done;
  }

  /** Lets the caller look again whether it is done, or whether it is its turn to lead. */
  void wake() {
    if (Thread.currentThread() != caller) {
      LockSupport.unpark(caller);
    }
  }

  /** The events in their places; call once done. */
  List<RecordedEvent> result() {
    if (failure != null) {
      throw new EventLogException(String.valueOf(failure.getMessage()), failure);
    }
    return recorded;
  }
}

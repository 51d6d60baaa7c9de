package dev.holdfast.cli.wiring;

import dev.holdfast.run.EventLog;
import dev.holdfast.run.RecordedEvent;
import dev.holdfast.run.RunEvent;
import dev.holdfast.run.RunId;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** A log that shows what is appended, once it is durable. */
record WatchedLog(EventLog log, Consumer<RecordedEvent> watcher) implements EventLog {
  @Override
  public List<RecordedEvent> append(RunId run, List<RunEvent> events) {
    var recorded = log.append(run, events);
    recorded.forEach(watcher);
    return recorded;
  }

  @Override
  public List<RecordedEvent> read(RunId run, long after) {
    return log.read(run, after);
  }

  @Override
  public List<RecordedEvent> runs() {
    return log.runs();
  }

  @Override
  public Optional<RunId> find(String prefix) {
    return log.find(prefix);
  }

  @Override
  public Verification verify(RunId run) {
    return log.verify(run);
  }

  @Override
  public void close() {
    log.close();
  }
}

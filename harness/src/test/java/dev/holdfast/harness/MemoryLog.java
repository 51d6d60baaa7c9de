package dev.holdfast.harness;

import dev.holdfast.run.BlobId;
import dev.holdfast.run.BlobStore;
import dev.holdfast.run.EventLog;
import dev.holdfast.run.RecordedEvent;
import dev.holdfast.run.RunEvent;
import dev.holdfast.run.RunId;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;

/** A log of one run and its blobs, in memory; events pass through JSON as in a real store. */
final class MemoryLog implements EventLog, BlobStore {
  private final List<RecordedEvent> events = new ArrayList<>();
  private final Map<BlobId, byte[]> blobs = new HashMap<>();

  /** A log that holds the first {@code count} events of {@code whole}, and all of its blobs. */
  static MemoryLog prefix(MemoryLog whole, int count) {
    var log = new MemoryLog();
    log.events.addAll(whole.events().subList(0, count));
    log.blobs.putAll(whole.blobs);
    return log;
  }

  synchronized List<RecordedEvent> events() {
    return List.copyOf(events);
  }

  <T extends RunEvent> List<T> all(Class<T> type) {
    return events().stream()
        .map(RecordedEvent::event)
        .filter(type::isInstance)
        .map(type::cast)
        .toList();
  }

  synchronized int blobCount() {
    return blobs.size();
  }

  @Override
  public synchronized List<RecordedEvent> append(RunId run, List<RunEvent> added) {
    var recorded = new ArrayList<RecordedEvent>();
    for (var event : added) {
      var mapper = JsonMapper.shared();
      var copy = mapper.readValue(mapper.writeValueAsBytes(event), RunEvent.class);
      recorded.add(new RecordedEvent(run, events.size() + 1L, Instant.EPOCH, copy, "", ""));
      events.add(recorded.getLast());
    }
    return recorded;
  }

  @Override
  public synchronized List<RecordedEvent> read(RunId run, long after) {
    return List.copyOf(events.subList((int) after, events.size()));
  }

  @Override
  public List<RecordedEvent> runs() {
    return events().subList(0, 1);
  }

  @Override
  public Optional<RunId> find(String prefix) {
    return Optional.of(events().getFirst().run());
  }

  @Override
  public Verification verify(RunId run) {
    return new Verification.Intact(events.size(), "");
  }

  @Override
  public synchronized BlobId put(byte[] bytes) {
    try {
      var hash = MessageDigest.getInstance("SHA-256").digest(bytes);
      var id = new BlobId(HexFormat.of().formatHex(hash));
      blobs.put(id, bytes.clone());
      return id;
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public synchronized byte[] get(BlobId id) {
    var bytes = blobs.get(id);
    if (bytes == null) {
      throw new NoSuchElementException("no blob `%s`".formatted(id));
    }
    return bytes.clone();
  }

  @Override
  public void close() {}
}

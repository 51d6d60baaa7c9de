package dev.holdfast.store;

import dev.holdfast.run.BlobId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Payloads that wait in memory for the next commit, so that a payload and the event that names it
 * become durable together, with one disk write.
 */
final class SmallBlobs {
  static final String INSERT = "INSERT INTO blob (id, bytes) VALUES (?, ?) ON CONFLICT DO NOTHING";
  private static final int REMEMBERED = 65_536;

  private final ConcurrentHashMap<BlobId, byte[]> waiting = new ConcurrentHashMap<>();
  private final AtomicLong waitingBytes = new AtomicLong();
  private final Set<BlobId> stored = ConcurrentHashMap.newKeySet();

  /** A payload in the course of being committed. */
  record Pending(SmallBlobs owner, BlobId id, byte[] bytes) {
    void insert(PreparedStatement insert) throws SQLException {
      insert.setBytes(1, HexFormat.of().parseHex(id.value()));
      insert.setBytes(2, bytes);
      insert.executeUpdate();
    }

    void stored() {
      owner.remember(id);
      if (owner.waiting.remove(id) != null) {
        owner.waitingBytes.addAndGet(-bytes.length);
      }
    }
  }

  /** Whether this process knows that the payload is durable. */
  boolean isStored(BlobId id) {
    return stored.contains(id);
  }

  /** Remembers that a payload is durable. */
  void remember(BlobId id) {
    if (stored.size() >= REMEMBERED) {
      // Forgetting costs a look-up by the database; no order of age is worth keeping.
      stored.clear();
    }
    stored.add(id);
  }

  /** Queues the payload for the next commit; returns how many bytes wait. */
  long add(BlobId id, byte[] bytes) {
    if (waiting.putIfAbsent(id, bytes.clone()) == null) {
      return waitingBytes.addAndGet(bytes.length);
    }
    return waitingBytes.get();
  }

  boolean isEmpty() {
    return waiting.isEmpty();
  }

  List<Pending> pending() {
    return waiting.entrySet().stream()
        .map(entry -> new Pending(this, entry.getKey(), entry.getValue()))
        .toList();
  }

  /** The bytes that wait under {@code id}, or null. */
  byte @Nullable [] waiting(BlobId id) {
    var bytes = waiting.get(id);
    return bytes == null ? null : bytes.clone();
  }

  /** The stored bytes, unchecked, or null. */
  static byte @Nullable [] select(Connection connection, BlobId id) throws SQLException {
    try (var statement = connection.prepareStatement("SELECT bytes FROM blob WHERE id = ?")) {
      statement.setBytes(1, HexFormat.of().parseHex(id.value()));
      try (var row = statement.executeQuery()) {
        return row.next() ? row.getBytes(1) : null;
      }
    }
  }
}

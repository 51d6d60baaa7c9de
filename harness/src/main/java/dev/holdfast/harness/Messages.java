package dev.holdfast.harness;

import dev.holdfast.harness.model.Message;
import dev.holdfast.run.BlobId;
import dev.holdfast.run.BlobStore;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Messages as blobs: each message is one, so that a log of prompts that grow grows by what is new.
 * Not thread-safe.
 */
final class Messages {
  private static final JsonMapper JSON = JsonMapper.shared();

  private final BlobStore blobs;
  private final IdentityHashMap<Message, Stored> known = new IdentityHashMap<>();
  private final Map<BlobId, Integer> sizes = new HashMap<>();

  /** A message in the store, and how many bytes it has there. */
  record Stored(BlobId id, int bytes) {}

  Messages(BlobStore blobs) {
    this.blobs = blobs;
  }

  BlobId store(Message message) {
    return known
        .computeIfAbsent(
            message,
            _ -> {
              byte[] bytes = bytes(message);
              var id = blobs.put(bytes);
              sizes.put(id, bytes.length);
              return new Stored(id, bytes.length);
            })
        .id();
  }

  Message load(BlobId id) {
    byte[] bytes = blobs.get(id);
    sizes.put(id, bytes.length);
    try {
      var message = JSON.readValue(bytes, Message.class);
      known.put(message, new Stored(id, bytes.length));
      return message;
    } catch (JacksonException e) {
      throw new IllegalStateException("blob `%s` is not a message".formatted(id), e);
    }
  }

  /** The size of a stored message. */
  int size(BlobId id) {
    return sizes.computeIfAbsent(id, missing -> blobs.get(missing).length);
  }

  static byte[] bytes(Message message) {
    return JSON.writeValueAsBytes(message);
  }
}

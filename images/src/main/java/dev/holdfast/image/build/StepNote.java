package dev.holdfast.image.build;

import dev.holdfast.image.Digest;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a step came to, as it is kept.
 *
 * @param layer empty when nothing changed
 * @param bytes the layer's size
 * @param created when, in the form of RFC 3339
 */
record StepNote(Optional<Digest> layer, long bytes, String created) {
  byte[] write() {
    return JsonMapper.shared().writeValueAsBytes(this);
  }

  /** Empty for what is torn after a power cut. */
  static Optional<StepNote> read(byte[] json) {
    try {
      return Optional.of(JsonMapper.shared().readValue(json, StepNote.class));
    } catch (JacksonException torn) {
      return Optional.empty();
    }
  }
}

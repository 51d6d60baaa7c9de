package dev.holdfast.run;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/** A stored payload, named by the SHA-256 of its bytes in lower-case hexadecimal. */
public record BlobId(@JsonValue String value) {
  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  public BlobId {
    Ids.require("blob", value, "[0-9a-f]{64}");
  }

  @Override
  public String toString() {
    return value;
  }
}

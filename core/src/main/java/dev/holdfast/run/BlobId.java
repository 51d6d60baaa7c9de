package dev.holdfast.run;

/** A stored payload, named by the SHA-256 of its bytes in lower-case hexadecimal. */
public record BlobId(String value) {
  public BlobId {
    Ids.require("blob", value, "[0-9a-f]{64}");
  }

  @Override
  public String toString() {
    return value;
  }
}

package dev.holdfast.run;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/** One question put to a person for approval. */
public record ApprovalId(@JsonValue String value) {
  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  public ApprovalId {
    Ids.require("approval id", value, "a-[a-z0-9]{1,32}");
  }

  /** A fresh, random id. */
  public static ApprovalId random() {
    return new ApprovalId("a-" + Ids.random(8));
  }

  @Override
  public String toString() {
    return value;
  }
}

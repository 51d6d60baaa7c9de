package dev.holdfast.tool;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import dev.holdfast.run.Ids;

/** One tool call within a run. */
public record CallId(@JsonValue String value) {
  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  public CallId {
    Ids.require("call id", value, "c-[a-z0-9]{1,32}");
  }

  /** A fresh, random id. */
  public static CallId random() {
    return new CallId("c-" + Ids.random(12));
  }

  @Override
  public String toString() {
    return value;
  }
}

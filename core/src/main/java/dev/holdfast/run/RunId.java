package dev.holdfast.run;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/** One run: one task and its event log. */
public record RunId(@JsonValue String value) {
  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  public RunId {
    Ids.require("run id", value, "r-[a-z0-9]{1,32}");
  }

  /** A fresh, random id. */
  public static RunId random() {
    return new RunId("r-" + Ids.random(10));
  }

  @Override
  public String toString() {
    return value;
  }
}

package dev.holdfast.workbench;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import dev.holdfast.run.Ids;

/** One workbench. */
public record WorkbenchId(@JsonValue String value) {
  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  public WorkbenchId {
    Ids.require("workbench id", value, "w-[a-z0-9]{1,32}");
  }

  /** A fresh, random id. */
  public static WorkbenchId random() {
    return new WorkbenchId("w-" + Ids.random(10));
  }

  @Override
  public String toString() {
    return value;
  }
}

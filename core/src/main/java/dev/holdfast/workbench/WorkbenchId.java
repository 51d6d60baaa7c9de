package dev.holdfast.workbench;

import dev.holdfast.run.Ids;

/** One workbench. */
public record WorkbenchId(String value) {
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

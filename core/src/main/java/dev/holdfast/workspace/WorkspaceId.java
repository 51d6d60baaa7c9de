package dev.holdfast.workspace;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import dev.holdfast.run.Ids;

/** One workspace. */
public record WorkspaceId(@JsonValue String value) {
  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  public WorkspaceId {
    Ids.require("workspace id", value, "s-[a-z0-9]{1,32}");
  }

  /** A fresh, random id. */
  public static WorkspaceId random() {
    return new WorkspaceId("s-" + Ids.random(10));
  }

  @Override
  public String toString() {
    return value;
  }
}

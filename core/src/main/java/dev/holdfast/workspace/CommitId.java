package dev.holdfast.workspace;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import dev.holdfast.run.Ids;

/** A git commit, by its full SHA-1 or SHA-256. */
public record CommitId(@JsonValue String value) {
  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  public CommitId {
    Ids.require("commit", value, "[0-9a-f]{40}([0-9a-f]{24})?");
  }

  @Override
  public String toString() {
    return value;
  }
}

package dev.holdfast.workspace;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import dev.holdfast.run.Ids;

/** A saved state of a workspace; numbered from 0, the state it was created with. */
public record CheckpointId(@JsonValue int number) {
  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  public CheckpointId {
    if (number < 0) {
      throw new IllegalArgumentException("checkpoint `%d`: numbers start at 0".formatted(number));
    }
  }

  /** Reads {@code 3} or {@code k-3}. */
  public static CheckpointId parse(String text) {
    Ids.require("checkpoint", text, "(k-)?[0-9]{1,8}");
    return new CheckpointId(Integer.parseInt(text.startsWith("k-") ? text.substring(2) : text));
  }

  @Override
  public String toString() {
    return "k-" + number;
  }
}

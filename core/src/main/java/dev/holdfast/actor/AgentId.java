package dev.holdfast.actor;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import dev.holdfast.run.Ids;

/** A kind of agent, for example {@code holdfast} (the built-in harness) or {@code claude-code}. */
public record AgentId(@JsonValue String value) {
  /** The built-in agent loop. */
  public static final AgentId BUILT_IN = new AgentId("holdfast");

  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  public AgentId {
    Ids.require("agent id", value, "[a-z0-9][a-z0-9._-]{0,63}");
  }

  @Override
  public String toString() {
    return value;
  }
}

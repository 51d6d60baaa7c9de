package dev.holdfast.actor;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import dev.holdfast.run.Ids;

/**
 * A person, named as their organisation names them (for example {@code ada} or an e-mail address).
 */
public record UserId(@JsonValue String value) {
  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  public UserId {
    Ids.require("user id", value, "[A-Za-z0-9][A-Za-z0-9._@+-]{0,127}");
  }

  @Override
  public String toString() {
    return value;
  }
}

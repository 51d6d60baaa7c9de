package dev.holdfast.actor;

import dev.holdfast.run.Ids;

/**
 * A person, named as their organisation names them (for example {@code ada} or an e-mail address).
 */
public record UserId(String value) {
  public UserId {
    Ids.require("user id", value, "[A-Za-z0-9][A-Za-z0-9._@+-]{0,127}");
  }

  @Override
  public String toString() {
    return value;
  }
}

package dev.holdfast.harness;

import dev.holdfast.digest.Sha256;
import dev.holdfast.run.RunId;
import dev.holdfast.tool.CallId;

/**
 * Names calls by run, turn and place, so that a loop that is resumed gives the same call the same
 * id and the gate can tell that it has seen it.
 */
final class CallIds {
  private CallIds() {}

  static CallId of(RunId run, int turn, int index) {
    return new CallId("c-" + Sha256.hex(run + "/" + turn + "/" + index).substring(0, 16));
  }
}

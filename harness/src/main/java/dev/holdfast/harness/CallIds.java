package dev.holdfast.harness;

import dev.holdfast.run.RunId;
import dev.holdfast.tool.CallId;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Names calls by run, turn and place, so that a loop that is resumed gives the same call the same
 * id and the gate can tell that it has seen it.
 */
final class CallIds {
  private CallIds() {}

  static CallId of(RunId run, int turn, int index) {
    var name = run + "/" + turn + "/" + index;
    try {
      var hash = MessageDigest.getInstance("SHA-256").digest(name.getBytes(StandardCharsets.UTF_8));
      return new CallId("c-" + HexFormat.of().formatHex(hash, 0, 8));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }
}

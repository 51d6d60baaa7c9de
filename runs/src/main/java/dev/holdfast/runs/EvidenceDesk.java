package dev.holdfast.runs;

import dev.holdfast.run.BlobId;
import dev.holdfast.run.BlobStore;
import dev.holdfast.run.RunEvent;
import dev.holdfast.tool.CallId;
import dev.holdfast.tool.ErrorCode;
import dev.holdfast.tool.Outcome;
import dev.holdfast.tool.ToolCall;
import dev.holdfast.tool.ToolError;
import dev.holdfast.tool.gate.RunSession;
import dev.holdfast.tool.gate.ToolGate;
import java.nio.charset.StandardCharsets;
import java.util.List;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Gathers what speaks for a change: its diff, and what the tests and the static checks say of it.
 * They are run here, through the gate like any call, and not taken from what the agent said.
 */
final class EvidenceDesk {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final ToolGate gate;
  private final BlobStore blobs;

  EvidenceDesk(ToolGate gate, BlobStore blobs) {
    this.gate = gate;
    this.blobs = blobs;
  }

  /** Records the change of a run as submitted, with its evidence. */
  RunEvent.ChangeSubmitted submit(RunSession run, int turn, String title, String description) {
    var evidence = JsonNodeFactory.instance.objectNode();
    for (var tool : List.of("run_tests", "static_check")) {
      evidence.set(tool, check(run, turn, tool));
    }
    run.awaitTurn(); // what a stop has cut short is no evidence
    var change = run.workspace().change();
    var submitted =
        new RunEvent.ChangeSubmitted(
            title, description, change.hash(), put(run.workspace().diff()), put(evidence));
    run.append(submitted);
    return submitted;
  }

  private ObjectNode check(RunSession run, int turn, String tool) {
    var name = "c-evidence%d%s".formatted(turn, tool.replace("_", ""));
    var outcome = call(run, name, tool);
    for (int again = 2; isCutShort(outcome); again++) {
      outcome = call(run, name + again, tool);
    }
    var found = JsonNodeFactory.instance.objectNode();
    found.put("outcome", outcome.getClass().getSimpleName());
    found.set("detail", JSON.valueToTree(outcome));
    if (outcome instanceof Outcome.Completed(var output, _)) {
      found.set("detail", output);
    }
    return found;
  }

  private Outcome call(RunSession run, String id, String tool) {
    return gate.call(
        run, new ToolCall(new CallId(id), tool, JsonNodeFactory.instance.objectNode()));
  }

  /** By a stop or a crash: then it says nothing of the change. */
  private static boolean isCutShort(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Killed(ToolError error, _) -> error.code() == ErrorCode.INTERRUPTED;
      case Outcome.Failed(ToolError error) -> error.code() == ErrorCode.INTERRUPTED;
      case Outcome.Completed _, Outcome.TimedOut _, Outcome.Refused _ -> false;
    };
  }

  private BlobId put(Object value) {
    var text = value instanceof String string ? string : value.toString();
    return blobs.put(text.getBytes(StandardCharsets.UTF_8));
  }
}

package dev.holdfast.tool.gate;

import dev.holdfast.tool.Reach;
import dev.holdfast.tool.Tool;
import dev.holdfast.tool.ToolCall;
import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * A call of a tool that exists, with an input that its schema allows.
 *
 * @param call as the agent made it
 * @param input the input, mended where it was nearly right
 * @param notes what was mended, for the model
 */
record UsableCall(ToolCall call, Tool tool, JsonNode input, List<String> notes) {
  Reach reach() {
    return tool.reach(input);
  }

  /** The call with its checked input: what the policy decides on and a person approves. */
  ToolCall asChecked() {
    return new ToolCall(call.id(), tool.definition().name(), input);
  }
}

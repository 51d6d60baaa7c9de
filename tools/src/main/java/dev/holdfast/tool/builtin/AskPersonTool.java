package dev.holdfast.tool.builtin;

import dev.holdfast.tool.Reach;
import dev.holdfast.tool.ToolContext;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** Asks the person. */
final class AskPersonTool extends BuiltIn {
  AskPersonTool() {
    super("ask_person");
  }

  @Override
  Reach reach(Input input) {
    return Reach.NOTHING;
  }

  @Override
  JsonNode call(ToolContext context, Input input) {
    var question = new StringBuilder(input.text("question"));
    for (var option : input.texts("options")) {
      question.append("\n- ").append(option);
    }
    return JsonNodeFactory.instance.objectNode().put("answer", context.ask(question.toString()));
  }
}

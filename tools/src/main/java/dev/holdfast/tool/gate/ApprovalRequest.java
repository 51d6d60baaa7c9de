package dev.holdfast.tool.gate;

import dev.holdfast.tool.Decision;
import dev.holdfast.tool.ToolCall;
import java.util.List;

/**
 * What a person is asked to approve.
 *
 * @param binding hashes exactly what would happen; an approval of anything else is none
 */
public record ApprovalRequest(ToolCall call, List<String> reasons, String binding) {
  static ApprovalRequest of(UsableCall call, Decision.NeedsApproval needed) {
    return new ApprovalRequest(call.asChecked(), needed.basis().reasons(), needed.binding());
  }
}

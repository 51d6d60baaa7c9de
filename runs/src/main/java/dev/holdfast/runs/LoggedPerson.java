package dev.holdfast.runs;

import dev.holdfast.policy.Act;
import dev.holdfast.run.ApprovalId;
import dev.holdfast.run.EventLog;
import dev.holdfast.run.RecordedEvent;
import dev.holdfast.run.RunEvent;
import dev.holdfast.run.RunEvent.ApprovalAsked;
import dev.holdfast.tool.CallId;
import dev.holdfast.tool.gate.Answer;
import dev.holdfast.tool.gate.ApprovalRequest;
import dev.holdfast.tool.gate.Person;
import dev.holdfast.tool.gate.RunSession;
import java.util.Optional;

/**
 * The person, reached through the run's log: what is asked is recorded first, and an answer counts
 * once it is recorded, whichever process recorded it. Someone at the {@link Counter} answers there.
 */
final class LoggedPerson implements Person {
  private final EventLog log;
  private final Counter counter;
  private final ActDesk acts;

  LoggedPerson(EventLog log, Counter counter, ActDesk acts) {
    this.log = log;
    this.counter = counter;
    this.acts = acts;
  }

  @Override
  public Answer approve(RunSession run, ApprovalRequest request) {
    var id = ApprovalId.random();
    var subject =
        "%s %s\n%s"
            .formatted(
                request.call().tool(),
                request.call().input(),
                String.join("\n", request.reasons()));
    var asked = log.append(run.id(), new RunEvent.ApprovalAsked(id, subject, request.binding()));
    var answer =
        run.whileWaiting(
            () -> counter.approve(subject, () -> approvalSince(asked, request.binding())));
    if (approvalSince(asked, request.binding()).isPresent()) {
      return answer; // it was recorded where it was given
    }
    var act = answer instanceof Answer.Approved ? Act.APPROVE : Act.REJECT;
    var refusal =
        answer instanceof Answer.Nobody
            ? Optional.<String>empty()
            : acts.refusal(run, counter.person(), act);
    if (refusal.isPresent()) {
      return new Answer.Nobody(refusal.get());
    }
    record(run, new ApprovalAsked(id, subject, request.binding()), answer);
    return answer;
  }

  private void record(RunSession run, ApprovalAsked asked, Answer answer) {
    switch (answer) {
      case Answer.Approved(String comment) ->
          run.append(
              new RunEvent.ApprovalGiven(
                  asked.approval(), asked.binding(), counter.person(), comment));
      case Answer.Denied(String comment) ->
          run.append(
              new RunEvent.ApprovalDenied(
                  asked.approval(), asked.binding(), counter.person(), comment));
      case Answer.Nobody _ -> {}
    }
  }

  private Optional<Answer> approvalSince(RecordedEvent asked, String binding) {
    return log.read(asked.run(), asked.seq()).stream()
        .<Answer>mapMulti(
            (event, found) -> {
              switch (event.event()) {
                case RunEvent.ApprovalGiven(_, String bound, _, String comment)
                    when bound.equals(binding) ->
                    found.accept(new Answer.Approved(comment));
                case RunEvent.ApprovalDenied(_, String bound, _, String comment)
                    when bound.equals(binding) ->
                    found.accept(new Answer.Denied(comment));
                default -> {}
              }
            })
        .findFirst();
  }

  @Override
  public Optional<String> ask(RunSession run, CallId call, String question) {
    var asked = log.append(run.id(), new RunEvent.QuestionAsked(call, question));
    var answer = run.whileWaiting(() -> counter.ask(question, () -> answerSince(asked, call)));
    if (answer.isPresent() && answerSince(asked, call).isEmpty()) {
      run.append(new RunEvent.QuestionAnswered(call, counter.person(), answer.get()));
    }
    return answer;
  }

  private Optional<String> answerSince(RecordedEvent asked, CallId call) {
    return log.read(asked.run(), asked.seq()).stream()
        .<String>mapMulti(
            (event, found) -> {
              if (event.event() instanceof RunEvent.QuestionAnswered(CallId of, _, String answer)
                  && of.equals(call)) {
                found.accept(answer);
              }
            })
        .findFirst();
  }

  @Override
  public void progress(RunSession run, CallId call, String text) {
    counter.progress(text);
  }
}

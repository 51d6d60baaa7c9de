package dev.holdfast.tool.gate;

import dev.holdfast.actor.Account;
import dev.holdfast.actor.AgentId;
import dev.holdfast.actor.UserId;
import dev.holdfast.budget.Amounts;
import dev.holdfast.budget.Ledger;
import dev.holdfast.budget.Meter;
import dev.holdfast.policy.ActRequest;
import dev.holdfast.policy.DecisionMaker;
import dev.holdfast.policy.PolicyDecider;
import dev.holdfast.policy.PolicyRequest;
import dev.holdfast.policy.Verdict;
import dev.holdfast.run.Autonomy;
import dev.holdfast.run.EventLog;
import dev.holdfast.run.EventLogException;
import dev.holdfast.run.Intake;
import dev.holdfast.run.RecordedEvent;
import dev.holdfast.run.RiskTier;
import dev.holdfast.run.RunEvent;
import dev.holdfast.run.RunId;
import dev.holdfast.run.Scenario;
import dev.holdfast.tool.CallId;
import dev.holdfast.tool.Effect;
import dev.holdfast.tool.ErrorCode;
import dev.holdfast.tool.Reach;
import dev.holdfast.tool.Tool;
import dev.holdfast.tool.ToolCall;
import dev.holdfast.tool.ToolContext;
import dev.holdfast.tool.ToolDefinition;
import dev.holdfast.tool.ToolLimits;
import dev.holdfast.tool.registry.InputCheck;
import dev.holdfast.tool.registry.ToolRegistry;
import dev.holdfast.workbench.Caps;
import dev.holdfast.workspace.Change;
import dev.holdfast.workspace.CheckpointId;
import dev.holdfast.workspace.CommitId;
import dev.holdfast.workspace.Workspace;
import dev.holdfast.workspace.WorkspaceId;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A gate over a log in memory, with a tool that counts, and a policy and a person that say what
 * they are told.
 */
final class GateFixture implements Tool, PolicyDecider, Person, EventLog, Workspace {
  static final JsonMapper JSON = JsonMapper.builder().build();

  final List<RunEvent> events = new ArrayList<>();
  final AtomicInteger effects = new AtomicInteger();
  final List<String> asked = new ArrayList<>();
  boolean permitted = true;
  boolean permittedOnceApproved;
  boolean logFails;
  Answer answer = new Answer.Nobody("test");
  String state = "before";
  Runnable duringApproval = () -> {};
  long callsAllowed = 100;
  Optional<RuntimeException> defect = Optional.empty();
  String output = "\"ok\"";

  private final ToolGate gate =
      new ToolGate(new ToolRegistry(List.of(this)), new InputCheck(), new DecisionMaker(this));

  RunSession session() {
    var intake =
        new Intake(
            new UserId("ada"),
            Account.local("shop", AgentId.BUILT_IN),
            Scenario.ASSIST,
            RiskTier.LOW,
            "count",
            "count",
            "script:x",
            "v1",
            Amounts.NONE,
            "/repo",
            new WorkspaceId("s-1"),
            base(),
            "holdfast/r-1");
    var ledger = Ledger.of("r-1", Amounts.of(Meter.TOOL_CALLS, callsAllowed), Amounts.NONE);
    var parts = new RunSession.Parts(this, ledger, this, new NoEngine(), Caps.DEFAULT, this);
    return new RunSession(new RunId("r-1"), intake, parts, Autonomy.FULL, Map.of());
  }

  ToolGate gate() {
    return gate;
  }

  static ToolCall call(String id, String input) {
    return new ToolCall(new CallId(id), "count", JSON.readTree(input));
  }

  // The tool.

  @Override
  public ToolDefinition definition() {
    return DEFINITION;
  }

  private static final ToolDefinition DEFINITION =
      new ToolDefinition(
          "count",
          "1.0.0",
          "Counts.",
          JSON.readTree(
              "{\"type\":\"object\",\"properties\":{\"by\":{\"type\":\"integer\"}},\"required\":[\"by\"],\"additionalProperties\":false}"),
          JSON.readTree("{\"type\":\"string\"}"),
          List.of(ErrorCode.NOT_FOUND),
          Set.of(Effect.WRITE),
          false,
          true,
          "a counter",
          ToolLimits.DEFAULT,
          List.of());

  @Override
  public Reach reach(JsonNode input) {
    return Reach.NOTHING;
  }

  @Override
  public JsonNode call(ToolContext context, JsonNode input) {
    effects.addAndGet(input.path("by").asInt());
    defect.ifPresent(
        it -> {
          throw it;
        });
    return JSON.readTree(output);
  }

  // The policy.

  @Override
  public String version() {
    return "v1";
  }

  @Override
  public Verdict decide(PolicyRequest request, boolean approved) {
    return new Verdict(
        permitted || (approved && permittedOnceApproved), List.of("p"), List.of("because"));
  }

  @Override
  public Verdict decide(ActRequest request) {
    return new Verdict(permitted, List.of("p"), List.of("because"));
  }

  // The person.

  @Override
  public Answer approve(RunSession run, ApprovalRequest request) {
    asked.add(request.binding());
    duringApproval.run();
    return answer;
  }

  @Override
  public Optional<String> ask(RunSession run, CallId call, String question) {
    return Optional.empty();
  }

  @Override
  public void progress(RunSession run, CallId call, String text) {}

  // The log.

  @Override
  public synchronized List<RecordedEvent> append(RunId run, List<RunEvent> more) {
    if (logFails) {
      throw new EventLogException("the disk is full");
    }
    events.addAll(more);
    return more.stream()
        .map(event -> new RecordedEvent(run, events.size(), Instant.EPOCH, event, "", ""))
        .toList();
  }

  @Override
  public List<RecordedEvent> read(RunId run, long after) {
    return List.of();
  }

  @Override
  public List<RecordedEvent> runs() {
    return List.of();
  }

  @Override
  public Optional<RunId> find(String prefix) {
    return Optional.empty();
  }

  @Override
  public Verification verify(RunId run) {
    return new Verification.Intact(0, "");
  }

  // The workspace.

  @Override
  public WorkspaceId id() {
    return new WorkspaceId("s-1");
  }

  @Override
  public Path differences() {
    return Path.of("/nowhere");
  }

  @Override
  public Map<String, String> origin() {
    return Map.of();
  }

  @Override
  public Path tree() {
    return Path.of("/nowhere");
  }

  @Override
  public CommitId base() {
    return new CommitId("0".repeat(40));
  }

  @Override
  public String branch() {
    return "holdfast/r-1";
  }

  @Override
  public Change change() {
    return new Change(List.of(), state);
  }

  @Override
  public String diff() {
    return "";
  }

  @Override
  public String diff(CheckpointId from, CheckpointId to) {
    return "";
  }

  @Override
  public CheckpointId checkpoint(String label) {
    return new CheckpointId(1);
  }

  @Override
  public List<SavedState> checkpoints() {
    return List.of();
  }

  @Override
  public void rollback(CheckpointId id) {}

  @Override
  public CommitId commit(String message, String author) {
    return base();
  }

  @Override
  public CommitId commit(Change approved, String message, String author, Instant at) {
    return base();
  }

  @Override
  public void publish(CommitId commit) {}

  @Override
  public void close() {}
}

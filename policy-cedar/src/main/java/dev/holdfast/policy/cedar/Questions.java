package dev.holdfast.policy.cedar;

import dev.holdfast.policy.ActRequest;
import dev.holdfast.policy.PolicyRequest;
import dev.holdfast.policy.cedar.Question.Node;
import dev.holdfast.policy.shell.ShellReader;
import dev.holdfast.policy.shell.ShellReading;
import dev.holdfast.tool.Effect;
import dev.holdfast.tool.Reach;
import dev.holdfast.tool.ToolDefinition;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Puts tool calls, and what people do, into the words of the schema. */
final class Questions {
  /** From strong to weak: the first that a tool has is its action. */
  private static final List<Effect> BY_STRENGTH =
      List.of(Effect.NETWORK, Effect.EXECUTE, Effect.WRITE, Effect.ASK, Effect.READ);

  /** What only tool calls have. */
  private static final List<String> NONE_FOR_PEOPLE =
      List.of("effects", "hosts", "programs", "commands", "opaque", "unknownReasons");

  private static final Uid ACT = Uid.action("act");
  private static final Uid USE = Uid.action("use");
  private static final Node ACTION = new Node(Map.of(), Set.of(USE));
  private static final Node PLAIN = new Node(Map.of(), Set.of());
  private static final ShellReading NO_COMMANDS =
      new ShellReading(List.of(), List.of(), List.of(), Set.of(), Set.of());

  private Questions() {}

  static Question of(PolicyRequest request, boolean approved) {
    var tool = request.tool();
    var action = action(tool.effects());
    var resource = new Uid("Tool", tool.name());
    var principal = new Uid("Agent", request.account().path().getLast());
    var entities = new HashMap<Uid, Node>();
    entities.put(action, ACTION);
    entities.put(USE, PLAIN);
    entities.put(resource, new Node(attributes(tool), Set.of()));
    organisation(request, principal, entities);
    return new Question(principal, action, resource, context(request, approved), entities);
  }

  /** A person's act is their approval, so what needs one has it. */
  static Question of(ActRequest request) {
    var intake = request.intake();
    var path = intake.account().path();
    var organisation = new Uid("Organisation", path.get(0));
    var team = new Uid("Team", path.get(1));
    var project = new Uid("Project", path.get(2));
    var principal = new Uid("User", request.by().value());
    var owner = new Uid("User", intake.user().value());
    var action = Uid.action(name(request.act()));
    var resource = new Uid("Run", request.run().value());
    var entities = new HashMap<Uid, Node>();
    entities.put(action, new Node(Map.of(), Set.of(ACT)));
    entities.put(ACT, PLAIN);
    entities.put(organisation, PLAIN);
    entities.put(team, new Node(Map.of(), Set.of(organisation)));
    entities.put(project, new Node(Map.of(), Set.of(team, organisation)));
    entities.put(owner, PLAIN);
    entities.put(principal, PLAIN);
    entities.put(resource, new Node(Map.of("person", owner), Set.of(project, team, organisation)));
    return new Question(principal, action, resource, context(request), entities);
  }

  private static Map<String, Object> context(ActRequest request) {
    var writes = new FileSet();
    request.changed().forEach(path -> writes.add("", path));
    var context = HashMap.<String, Object>newHashMap(16);
    context.put("scenario", name(request.intake().scenario()));
    context.put("riskTier", name(request.intake().riskTier()));
    context.put("autonomy", name(request.autonomy()));
    context.put("budgetUsedPercent", (long) request.budgetUsedPercent());
    context.put("approved", true);
    context.put("reads", FileSet.EMPTY);
    context.put("writes", writes.toRecord());
    context.put("unknown", false);
    for (var none : NONE_FOR_PEOPLE) {
      context.put(none, Set.of());
    }
    return context;
  }

  private static Uid action(Set<Effect> effects) {
    for (var effect : BY_STRENGTH) {
      if (effects.contains(effect)) {
        return Uid.action(name(effect));
      }
    }
    // A tool that declares nothing is taken at its worst.
    return Uid.action("network");
  }

  private static Map<String, Object> attributes(ToolDefinition tool) {
    return Map.of(
        "name", tool.name(),
        "version", tool.version(),
        "idempotent", tool.idempotent(),
        "reversible", tool.reversible());
  }

  private static void organisation(PolicyRequest request, Uid principal, Map<Uid, Node> entities) {
    var path = request.account().path();
    var organisation = new Uid("Organisation", path.get(0));
    var team = new Uid("Team", path.get(1));
    var project = new Uid("Project", path.get(2));
    var person = new Uid("User", request.user().value());
    entities.put(organisation, PLAIN);
    entities.put(team, new Node(Map.of(), Set.of(organisation)));
    entities.put(project, new Node(Map.of(), Set.of(team, organisation)));
    entities.put(person, PLAIN);
    entities.put(
        principal,
        new Node(
            Map.of("name", request.account().agent().value(), "person", person),
            Set.of(project, team, organisation)));
  }

  private static Map<String, Object> context(PolicyRequest request, boolean approved) {
    var context = HashMap.<String, Object>newHashMap(16);
    context.put("scenario", name(request.scenario()));
    context.put("riskTier", name(request.riskTier()));
    context.put("autonomy", name(request.autonomy()));
    context.put("budgetUsedPercent", (long) request.budgetUsedPercent());
    context.put("approved", approved);
    context.put("effects", effects(request.tool().effects()));
    context.put("hosts", Set.copyOf(request.reach().hosts()));
    reach(request, context);
    return context;
  }

  private static void reach(PolicyRequest request, Map<String, Object> context) {
    var reach = request.reach();
    var reads = new FileSet();
    var writes = new FileSet();
    var changes =
        request.tool().effects().stream().anyMatch(e -> e != Effect.READ && e != Effect.ASK);
    for (var path : reach.paths()) {
      reads.add("", path);
      if (changes) {
        writes.add("", path);
      }
    }
    var reading = reading(reach);
    var commands = new CommandFacts(reads, writes);
    commands.add(reading);
    context.put("reads", reads.toRecord());
    context.put("writes", writes.toRecord());
    context.put("programs", commands.programs());
    context.put("commands", commands.commands());
    context.put("opaque", reading.opaque());
    context.put("unknown", !commands.unknown().isEmpty());
    context.put("unknownReasons", commands.unknown());
  }

  private static ShellReading reading(Reach reach) {
    if (!reach.argv().isEmpty()) {
      var reading = ShellReader.readArgv(reach.argv());
      return reach.script().isEmpty() ? reading : both(reading, ShellReader.read(reach.script()));
    }
    return reach.script().isEmpty() ? NO_COMMANDS : ShellReader.read(reach.script());
  }

  private static ShellReading both(ShellReading one, ShellReading other) {
    return new ShellReading(
        join(one.invocations(), other.invocations()),
        join(one.redirects(), other.redirects()),
        join(one.directories(), other.directories()),
        Set.copyOf(join(List.copyOf(one.unknown()), List.copyOf(other.unknown()))),
        Set.copyOf(join(List.copyOf(one.opaque()), List.copyOf(other.opaque()))));
  }

  private static <T> List<T> join(List<T> one, List<T> other) {
    var all = new java.util.ArrayList<>(one);
    all.addAll(other);
    return all;
  }

  private static Set<String> effects(Set<Effect> effects) {
    var names = new LinkedHashSet<String>();
    var sorted = EnumSet.noneOf(Effect.class);
    sorted.addAll(effects);
    sorted.forEach(effect -> names.add(name(effect)));
    return names;
  }

  private static String name(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}

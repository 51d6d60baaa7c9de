package dev.holdfast.policy.cedar;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/** Makes policies and questions, well typed for the most part. */
final class RandomPolicies {
  private static final List<String> WORDS = List.of("a", "b", "ab", "git push", "a*b", "é", "");
  private static final List<String> ENTITIES =
      List.of(
          "Project::\"local/local/demo\"",
          "Team::\"local/local\"",
          "Organisation::\"local\"",
          "User::\"ada\"",
          "Agent::\"local/local/demo/holdfast\"",
          "Tool::\"shell\"",
          "Action::\"use\"",
          "Action::\"read\"",
          "Tool::\"none\"");

  private final Random random;

  RandomPolicies(long seed) {
    random = new Random(seed);
  }

  private String pick(String... choices) {
    return choices[random.nextInt(choices.length)];
  }

  private String word() {
    return "\"" + WORDS.get(random.nextInt(WORDS.size())) + "\"";
  }

  String policy(String id) {
    var principal =
        pick(
            "principal",
            "principal",
            "principal == " + agent(),
            "principal in " + ENTITIES.get(random.nextInt(3)),
            "principal is Agent",
            "principal is Agent in " + ENTITIES.get(random.nextInt(3)));
    var action =
        pick(
            "action",
            "action",
            "action == Action::\"read\"",
            "action in Action::\"use\"",
            "action in [Action::\"read\", Action::\"execute\"]");
    var resource = pick("resource", "resource", "resource == Tool::\"shell\"", "resource is Tool");
    return "@id(\"%s\") @reason(\"r\") %s (%s, %s, %s) %s %s;"
        .formatted(
            id,
            pick("permit", "forbid"),
            principal,
            action,
            resource,
            random.nextInt(5) == 0 ? "" : "when { " + bool(4) + " }",
            random.nextInt(3) == 0 ? "unless { " + bool(3) + " }" : "");
  }

  private static String agent() {
    return ENTITIES.get(4);
  }

  private String any(int depth) {
    return switch (random.nextInt(5)) {
      case 0 -> bool(depth);
      case 1 -> number(depth);
      case 2 -> text(depth);
      case 3 -> set(depth);
      default -> entity();
    };
  }

  /** Mostly of the type that is wanted; sometimes of any. */
  private String strayed(String wanted, int depth) {
    return depth > 0 && random.nextInt(25) == 0 ? any(depth - 1) : wanted;
  }

  private String entity() {
    return pick(
        "principal",
        "action",
        "resource",
        "principal.person",
        ENTITIES.get(random.nextInt(ENTITIES.size())));
  }

  private String bool(int depth) {
    if (depth == 0) {
      return strayed(
          pick("true", "false", "context.approved", "context.unknown", "resource.idempotent"), 1);
    }
    var d = depth - 1;
    var form =
        switch (random.nextInt(16)) {
          case 0, 1 -> "(%s && %s)".formatted(bool(d), bool(d));
          case 2, 3 -> "(%s || %s)".formatted(bool(d), bool(d));
          case 4 -> "!(%s)".formatted(bool(d));
          case 5 -> "(%s %s %s)".formatted(number(d), pick("<", "<=", ">", ">="), number(d));
          case 6 -> "(%s %s %s)".formatted(any(d), pick("==", "!="), any(d));
          case 7 -> "(%s).contains(%s)".formatted(set(d), text(d));
          case 8 -> "(%s).containsAll(%s)".formatted(set(d), set(d));
          case 9 -> "(%s).containsAny(%s)".formatted(set(d), set(d));
          case 10 -> "(%s).isEmpty()".formatted(set(d));
          case 11 ->
              "(%s like %s)"
                  .formatted(
                      text(d),
                      pick(
                          "\"a*\"",
                          "\"*b\"",
                          "\"a\\*b\"",
                          "\"*\"",
                          "\"\"",
                          "\"*i*u*h\"",
                          "\"a*b*a\""));
          case 12 ->
              "(%s in %s)"
                  .formatted(entity(), pick(entity(), "[" + entity() + ", " + entity() + "]"));
          case 13 ->
              "(%s is %s)"
                  .formatted(
                      entity(), pick("Agent", "Tool", "User", "Action", "Agent in " + entity()));
          case 14 ->
              "(%s has %s)"
                  .formatted(
                      pick("context", "principal", "resource", entity(), "context.reads"),
                      pick("name", "approved", "paths", "nothing", "\"odd name\"", "reads.paths"));
          default -> "(if %s then %s else %s)".formatted(bool(d), bool(d), bool(d));
        };
    return strayed(form, depth);
  }

  private String number(int depth) {
    if (depth == 0) {
      return pick(
          "0",
          "1",
          "-3",
          "42",
          "9223372036854775807",
          "context.budgetUsedPercent",
          "context.missing");
    }
    var d = depth - 1;
    return strayed(
        switch (random.nextInt(4)) {
          case 0 -> "(%s %s %s)".formatted(number(d), pick("+", "-", "*"), number(d));
          case 1 -> "-(%s)".formatted(number(d));
          case 2 -> "(if %s then %s else %s)".formatted(bool(d), number(d), number(d));
          default -> number(0);
        },
        depth);
  }

  private String text(int depth) {
    return strayed(
        pick(
            word(),
            word(),
            "context.scenario",
            "principal.name",
            "resource.name",
            "{x: " + word() + "}.x",
            "context[\"riskTier\"]"),
        depth);
  }

  private String set(int depth) {
    return strayed(
        pick(
            "[]",
            "[" + word() + ", " + word() + "]",
            "context.programs",
            "context.effects",
            "context.reads.paths",
            "context.writes.kinds",
            "[context.scenario, " + word() + "]"),
        depth);
  }

  Question question() {
    var actions = List.of("read", "write", "execute", "network", "ask");
    var action = Uid.action(actions.get(random.nextInt(actions.size())));
    var base = Questions.of(Requests.shell("ls"), random.nextBoolean());
    var context = new HashMap<>(base.context());
    context.put("budgetUsedPercent", (long) random.nextInt(101));
    context.put("scenario", WORDS.get(random.nextInt(WORDS.size())));
    for (var name : List.of("programs", "effects", "commands")) {
      context.put(name, words());
    }
    context.put("unknown", random.nextBoolean());
    context.put("reads", files());
    context.put("writes", files());
    var entities = new HashMap<>(base.entities());
    entities.put(action, new Question.Node(Map.of(), Set.of(Uid.action("use"))));
    return new Question(base.principal(), action, base.resource(), context, entities);
  }

  private Set<String> words() {
    var words = new HashSet<String>();
    for (var i = random.nextInt(4); i > 0; i--) {
      words.add(WORDS.get(random.nextInt(WORDS.size())));
    }
    return words;
  }

  private Map<String, Object> files() {
    return Map.of(
        "paths",
        words(),
        "directories",
        words(),
        "top",
        words(),
        "kinds",
        words(),
        "outside",
        words());
  }
}

package dev.holdfast.policy.cedar;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** One policy as closures: its scope, then its conditions. */
final class CompiledPolicy {
  private static final JsonMapper JSON = JsonMapper.shared();

  private final String id;
  private final boolean permits;
  private final List<Expression> conditions;

  private CompiledPolicy(String id, boolean permits, List<Expression> conditions) {
    this.id = id;
    this.permits = permits;
    this.conditions = List.copyOf(conditions);
  }

  /**
   * Compiles a policy.
   *
   * @param json its official JSON form
   * @throws NotCompilable when it uses something that only the engine can evaluate
   */
  static CompiledPolicy of(String id, String json) {
    var policy = JSON.readTree(json);
    var conditions = new ArrayList<Expression>();
    conditions.add(scope(policy.get("principal"), Question::principal));
    conditions.add(scope(policy.get("action"), Question::action));
    conditions.add(scope(policy.get("resource"), Question::resource));
    for (var condition : policy.get("conditions")) {
      var body = ExpressionCompiler.compile(condition.get("body"));
      conditions.add(
          condition.get("kind").stringValue().equals("when")
              ? body
              : q -> !Values.bool(body.evaluate(q)));
    }
    return new CompiledPolicy(id, policy.get("effect").stringValue().equals("permit"), conditions);
  }

  String id() {
    return id;
  }

  boolean permits() {
    return permits;
  }

  /**
   * Whether the policy applies.
   *
   * @throws EvaluationError where Cedar's evaluation fails
   */
  boolean applies(Question question) {
    for (var condition : conditions) {
      if (!Values.bool(condition.evaluate(question))) {
        return false;
      }
    }
    return true;
  }

  private static Expression scope(JsonNode scope, Function<Question, Uid> of) {
    var operator = scope.get("op").stringValue();
    return switch (operator) {
      case "All" -> _ -> true;
      case "==" -> {
        var entity = ExpressionCompiler.entity(scope.get("entity"));
        yield q -> of.apply(q).equals(entity);
      }
      case "in" -> within(entities(scope), of);
      case "is" -> {
        var type = scope.get("entity_type").stringValue();
        var in = scope.has("in") ? within(entities(scope.get("in")), of) : (Expression) _ -> true;
        yield q -> of.apply(q).type().equals(type) && Values.bool(in.evaluate(q));
      }
      default -> throw new NotCompilable(operator);
    };
  }

  private static Expression within(Set<Uid> entities, Function<Question, Uid> of) {
    return q -> Values.in(of.apply(q), entities, q);
  }

  private static Set<Uid> entities(JsonNode scope) {
    var entities = new HashSet<Uid>();
    if (scope.has("entity")) {
      entities.add(ExpressionCompiler.entity(scope.get("entity")));
    } else if (scope.has("entities")) {
      scope.get("entities").forEach(node -> entities.add(ExpressionCompiler.entity(node)));
    } else {
      throw new NotCompilable(scope.toString());
    }
    return Set.copyOf(entities);
  }
}

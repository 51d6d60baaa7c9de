package dev.holdfast.policy.cedar;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** Turns an expression in Cedar's official JSON form into closures. */
final class ExpressionCompiler {
  private ExpressionCompiler() {}

  /**
   * Compiles one expression.
   *
   * @throws NotCompilable when it uses an operator that is not known here
   */
  static Expression compile(JsonNode node) {
    if (!node.isObject() || node.size() != 1) {
      throw new NotCompilable(node.toString());
    }
    var operator = node.propertyNames().iterator().next();
    var body = node.get(operator);
    return switch (operator) {
      case "Value" -> constant(literal(body));
      case "Var" -> variable(body.stringValue());
      case "." -> attribute(body);
      case "has" -> has(body);
      case "like" -> like(body);
      case "is" -> is(body);
      case "if-then-else" -> conditional(body);
      case "Set" -> set(body);
      case "Record" -> fields(body);
      case "!", "neg", "isEmpty" -> unary(operator, argument(body, "arg"));
      default -> binary(operator, body);
    };
  }

  private static Expression argument(JsonNode body, String name) {
    var argument = body.get(name);
    if (argument == null) {
      throw new NotCompilable(body.toString());
    }
    return compile(argument);
  }

  private static Expression constant(Object value) {
    return _ -> value;
  }

  private static Object literal(JsonNode node) {
    if (node.isBoolean()) {
      return node.booleanValue();
    } else if (node.isIntegralNumber() && node.canConvertToLong()) {
      return node.longValue();
    } else if (node.isString()) {
      return node.stringValue();
    } else if (node.isArray()) {
      var set = new HashSet<Object>();
      node.forEach(element -> set.add(literal(element)));
      return Set.copyOf(set);
    } else if (node.isObject() && node.size() == 1 && node.has("__entity")) {
      return entity(node.get("__entity"));
    }
    throw new NotCompilable(node.toString());
  }

  static Uid entity(JsonNode node) {
    return new Uid(node.get("type").stringValue(), node.get("id").stringValue());
  }

  private static Expression variable(String name) {
    return switch (name) {
      case "principal" -> Question::principal;
      case "action" -> Question::action;
      case "resource" -> Question::resource;
      case "context" -> Question::context;
      default -> throw new NotCompilable(name);
    };
  }

  private static Expression attribute(JsonNode body) {
    var left = argument(body, "left");
    var name = body.get("attr").stringValue();
    return q -> Values.attribute(left.evaluate(q), name, q);
  }

  private static Expression has(JsonNode body) {
    var left = argument(body, "left");
    var attr = body.get("attr");
    if (attr == null || !attr.isString()) {
      throw new NotCompilable(body.toString());
    }
    var name = attr.stringValue();
    return q -> Values.has(left.evaluate(q), name, q);
  }

  private static Expression like(JsonNode body) {
    var left = argument(body, "left");
    var parts = new ArrayList<String>();
    var part = new StringBuilder();
    for (var element : body.get("pattern")) {
      if (element.isString() && element.stringValue().equals("Wildcard")) {
        parts.add(part.toString());
        part.setLength(0);
      } else if (element.isObject() && element.has("Literal")) {
        part.append(element.get("Literal").stringValue());
      } else {
        throw new NotCompilable(element.toString());
      }
    }
    parts.add(part.toString());
    var pattern = new LikePattern(parts);
    return q -> pattern.matches(Values.text(left.evaluate(q)));
  }

  private static Expression is(JsonNode body) {
    var left = argument(body, "left");
    var type = body.get("entity_type").stringValue();
    if (!body.has("in")) {
      return q -> Values.uid(left.evaluate(q)).type().equals(type);
    }
    var in = compile(body.get("in"));
    return q -> {
      var uid = Values.uid(left.evaluate(q));
      return uid.type().equals(type) && Values.in(uid, in.evaluate(q), q);
    };
  }

  private static Expression conditional(JsonNode body) {
    var test = argument(body, "if");
    var then = argument(body, "then");
    var otherwise = argument(body, "else");
    return q -> Values.bool(test.evaluate(q)) ? then.evaluate(q) : otherwise.evaluate(q);
  }

  private static Expression set(JsonNode body) {
    List<Expression> elements = new ArrayList<>();
    body.forEach(element -> elements.add(compile(element)));
    if (body.valueStream().allMatch(element -> element.has("Value"))) {
      var values = new HashSet<Object>();
      body.forEach(element -> values.add(literal(element.get("Value"))));
      return constant(Set.copyOf(values));
    }
    return q -> {
      var values = new HashSet<Object>();
      elements.forEach(element -> values.add(element.evaluate(q)));
      return values;
    };
  }

  private static Expression fields(JsonNode body) {
    Map<String, Expression> fields = new HashMap<>();
    body.forEachEntry((name, value) -> fields.put(name, compile(value)));
    return q -> {
      var values = new HashMap<String, Object>();
      fields.forEach((name, value) -> values.put(name, value.evaluate(q)));
      return values;
    };
  }

  private static Expression unary(String operator, Expression argument) {
    return switch (operator) {
      case "!" -> q -> !Values.bool(argument.evaluate(q));
      case "isEmpty" -> q -> Values.set(argument.evaluate(q)).isEmpty();
      default -> q -> exactly(() -> Math.negateExact(Values.number(argument.evaluate(q))));
    };
  }

  private static Expression binary(String operator, JsonNode body) {
    if (!body.isObject() || body.size() != 2) {
      throw new NotCompilable(operator);
    }
    var left = argument(body, "left");
    var right = argument(body, "right");
    return switch (operator) {
      case "&&" -> q -> Values.bool(left.evaluate(q)) && Values.bool(right.evaluate(q));
      case "||" -> q -> Values.bool(left.evaluate(q)) || Values.bool(right.evaluate(q));
      case "==" -> q -> left.evaluate(q).equals(right.evaluate(q));
      case "!=" -> q -> !left.evaluate(q).equals(right.evaluate(q));
      case "in" -> q -> Values.in(left.evaluate(q), right.evaluate(q), q);
      case "contains" -> q -> contains(left.evaluate(q), right.evaluate(q));
      case "containsAll" ->
          q -> sets(left.evaluate(q), right.evaluate(q), (a, b) -> a.containsAll(b));
      case "containsAny" -> q -> sets(left.evaluate(q), right.evaluate(q), Values::containsAny);
      default -> Numbers.binary(operator, left, right);
    };
  }

  private static boolean contains(Object left, Object right) {
    return Values.set(left).contains(right);
  }

  private interface SetTest {
    boolean test(Set<?> left, Set<?> right);
  }

  private static boolean sets(Object left, Object right, SetTest test) {
    return test.test(Values.set(left), Values.set(right));
  }

  /** Overflow fails the evaluation. */
  static Object exactly(java.util.function.LongSupplier calculation) {
    try {
      return calculation.getAsLong();
    } catch (ArithmeticException e) {
      throw new EvaluationError();
    }
  }
}

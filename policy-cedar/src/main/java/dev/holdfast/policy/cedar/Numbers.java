package dev.holdfast.policy.cedar;

/** Operators on numbers. */
final class Numbers {
  private Numbers() {}

  static Expression binary(String operator, Expression left, Expression right) {
    return switch (operator) {
      case "<" -> q -> order(left, right, q) < 0;
      case "<=" -> q -> order(left, right, q) <= 0;
      case ">" -> q -> order(left, right, q) > 0;
      case ">=" -> q -> order(left, right, q) >= 0;
      case "+" -> calculate(left, right, Math::addExact);
      case "-" -> calculate(left, right, Math::subtractExact);
      case "*" -> calculate(left, right, Math::multiplyExact);
      default -> throw new NotCompilable(operator);
    };
  }

  private interface Calculation {
    long of(long left, long right);
  }

  private static int order(Expression left, Expression right, Question question) {
    var a = left.evaluate(question);
    var b = right.evaluate(question);
    return Long.compare(Values.number(a), Values.number(b));
  }

  private static Expression calculate(Expression left, Expression right, Calculation calculation) {
    return q -> {
      var a = left.evaluate(q);
      var b = right.evaluate(q);
      return ExpressionCompiler.exactly(() -> calculation.of(Values.number(a), Values.number(b)));
    };
  }
}

package dev.holdfast.policy.cedar;

import java.util.Collections;
import java.util.Map;
import java.util.Set;

/** Cedar's operators on values; a value of the wrong type fails, as in Cedar. */
final class Values {
  private Values() {}

  static boolean bool(Object value) {
    if (value instanceof Boolean bool) {
      return bool;
    }
    throw new EvaluationError();
  }

  static long number(Object value) {
    if (value instanceof Long number) {
      return number;
    }
    throw new EvaluationError();
  }

  static Set<?> set(Object value) {
    if (value instanceof Set<?> set) {
      return set;
    }
    throw new EvaluationError();
  }

  static String text(Object value) {
    if (value instanceof String text) {
      return text;
    }
    throw new EvaluationError();
  }

  static Uid uid(Object value) {
    if (value instanceof Uid uid) {
      return uid;
    }
    throw new EvaluationError();
  }

  static boolean containsAny(Set<?> left, Set<?> right) {
    return !Collections.disjoint(left, right);
  }

  /** An attribute of a record or an entity. */
  static Object attribute(Object value, String name, Question question) {
    var found = attributes(value, question).get(name);
    if (found == null) {
      throw new EvaluationError();
    }
    return found;
  }

  static boolean has(Object value, String name, Question question) {
    return attributes(value, question).containsKey(name);
  }

  private static Map<?, ?> attributes(Object value, Question question) {
    if (value instanceof Map<?, ?> fields) {
      return fields;
    }
    // An entity that is not known has no attributes.
    var node = question.entities().get(uid(value));
    return node == null ? Map.of() : node.attributes();
  }

  /** Whether an entity is, or is in, another; the right side may be a set of entities. */
  static boolean in(Object left, Object right, Question question) {
    var uid = uid(left);
    if (right instanceof Set<?> set) {
      for (var each : set) {
        uid(each);
      }
      return set.stream().anyMatch(each -> within(uid, (Uid) each, question));
    }
    return within(uid, uid(right), question);
  }

  static boolean within(Uid left, Uid right, Question question) {
    if (left.equals(right)) {
      return true;
    }
    var node = question.entities().get(left);
    return node != null && node.ancestors().contains(right);
  }
}

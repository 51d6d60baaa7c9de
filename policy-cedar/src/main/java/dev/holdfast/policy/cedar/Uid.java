package dev.holdfast.policy.cedar;

/** An entity's name in Cedar. */
record Uid(String type, String id) {
  static Uid action(String id) {
    return new Uid("Action", id);
  }
}

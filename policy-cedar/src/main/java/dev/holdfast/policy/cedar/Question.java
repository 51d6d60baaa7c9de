package dev.holdfast.policy.cedar;

import java.util.Map;

/**
 * A request as Cedar sees it. Values are {@code Boolean}, {@code Long}, {@code String}, {@link
 * Uid}, {@code Set} and {@code Map} (a record).
 *
 * @param entities everything that the request refers to
 */
record Question(
    Uid principal, Uid action, Uid resource, Map<String, Object> context, Map<Uid, Node> entities) {

  /** An entity's attributes and everything it is in, directly or not. */
  record Node(Map<String, Object> attributes, java.util.Set<Uid> ancestors) {}
}

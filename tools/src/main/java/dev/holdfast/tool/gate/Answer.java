package dev.holdfast.tool.gate;

/** A person's answer to an approval request. */
public sealed interface Answer {
  /** Go on. */
  record Approved(String comment) implements Answer {}

  /** Do not. */
  record Denied(String comment) implements Answer {}

  /** Nobody answered, or nobody is there to answer. */
  record Nobody(String why) implements Answer {}
}

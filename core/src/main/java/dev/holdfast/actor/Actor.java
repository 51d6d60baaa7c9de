package dev.holdfast.actor;

/** Who acts. An agent never acts for itself: it always acts on behalf of a person. */
public sealed interface Actor {
  /** The person who answers for what this actor does. */
  UserId person();

  /** A person acting directly. */
  record Person(UserId person) implements Actor {}

  /** An agent acting on behalf of {@code person}. */
  record Agent(AgentId agent, UserId person) implements Actor {}
}

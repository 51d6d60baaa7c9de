package dev.holdfast.tool.declared;

/** A declaration that is right, for tests to change. */
final class Declarations {
  static final String BASE =
      """
      name: say
      description: Says what it is given.
      parameters:
        x: {type: text, description: What to say.}
      command: [echo, "{x}"]
      output: text
      effects: [read, execute]
      idempotent: true
      reversible: true
      """;

  private Declarations() {}
}

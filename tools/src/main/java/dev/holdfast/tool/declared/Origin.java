package dev.holdfast.tool.declared;

/** Who wrote a declaration, and so how far it is trusted. */
public enum Origin {
  /** The user, in the state directory. */
  HOME,
  /**
   * Whoever wrote the repository. Its tools always count as running programs, so that no claim of
   * theirs gets a command past the policy, and they bring no patterns, which the host would run.
   */
  REPOSITORY
}

package dev.holdfast.policy.cedar;

/** Who brings a policy. */
public enum PolicySource {
  BUILT_IN("built-in"),
  USER("user"),
  /** The user's checkout of a repository; its policies may only forbid. */
  REPOSITORY("repository");

  private final String word;

  PolicySource(String word) {
    this.word = word;
  }

  @Override
  public String toString() {
    return word;
  }
}

package dev.holdfast.harness;

/**
 * How many tokens a conversation has, from its bytes. How many bytes a token has is measured: it is
 * learnt from what the provider said that the last prompt had. Not thread-safe.
 */
final class TokenEstimate {
  /** English prose and code have 3.5 to 4.5; base64 and minified text about 2. */
  private static final double FIRST_GUESS = 3.0;

  /** A provider's figure is believed within these bounds. */
  private static final double LOWEST = 1.0;

  private static final double HIGHEST = 4.0;

  /** Prompts of fewer tokens say too little. */
  private static final long TELLING = 500;

  private long bytes;
  private long tokens;

  /**
   * Learns from a prompt of {@code bytes}, tools apart, that had {@code tokens}, tools included.
   */
  void learn(long bytes, long tokens) {
    if (tokens >= TELLING) {
      this.bytes = bytes;
      this.tokens = tokens;
    }
  }

  /** The tokens of {@code bytes}, when the tools' definitions have {@code toolBytes}. */
  long tokens(long bytes, long toolBytes) {
    return (long) Math.ceil((bytes + toolBytes) / ratio(toolBytes));
  }

  /** The bytes of conversation that {@code tokens} have room for beside the tools' definitions. */
  long room(long tokens, long toolBytes) {
    return (long) (tokens * ratio(toolBytes)) - toolBytes;
  }

  private double ratio(long toolBytes) {
    return tokens == 0
        ? FIRST_GUESS
        : Math.clamp((double) (bytes + toolBytes) / tokens, LOWEST, HIGHEST);
  }
}

package dev.holdfast.harness.model;

/** What a model answered. */
public record ModelAnswer(Message.Assistant message, Usage usage) {
  /**
   * Tokens of one question and its answer.
   *
   * @param input read anew, without the cached ones
   * @param cached read from the provider's cache
   * @param cacheWritten written to the provider's cache, where that is charged apart from input
   * @param output written, reasoning included
   */
  public record Usage(long input, long cached, long cacheWritten, long output) {
    public static final Usage NONE = new Usage(0, 0, 0, 0);

    /** A provider's figures are not trusted to be positive. */
    public Usage {
      input = Math.max(0, input);
      cached = Math.max(0, cached);
      cacheWritten = Math.max(0, cacheWritten);
      output = Math.max(0, output);
    }

    /** All that the model read. */
    public long allInput() {
      return input + cached + cacheWritten;
    }
  }
}

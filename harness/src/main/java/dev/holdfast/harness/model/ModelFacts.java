package dev.holdfast.harness.model;

import dev.holdfast.budget.Amounts;
import dev.holdfast.budget.Meter;

/**
 * What is known of a model. Prices are US dollars per million tokens, which is the same as
 * millionths of a dollar per token.
 *
 * @param windowTokens tokens of conversation and answer together
 * @param maxOutputTokens the longest answer that is asked for
 */
public record ModelFacts(
    int windowTokens,
    int maxOutputTokens,
    double inputPrice,
    double cachedPrice,
    double cacheWritePrice,
    double outputPrice) {
  private static final double HIGHEST_PRICE = 1_000_000;

  public ModelFacts {
    if (maxOutputTokens < 1 || windowTokens <= maxOutputTokens) {
      throw new IllegalArgumentException(
          "a window of `%d` with an output of `%d` is not allowed: the output must be above 0 and leave room"
              .formatted(windowTokens, maxOutputTokens));
    }
    for (double price : new double[] {inputPrice, cachedPrice, cacheWritePrice, outputPrice}) {
      if (!(price >= 0 && price <= HIGHEST_PRICE)) {
        throw new IllegalArgumentException(
            "a price of `%s` is not allowed: it must be 0 to %s".formatted(price, HIGHEST_PRICE));
      }
    }
  }

  /** What {@code usage} costs, in tokens and money. */
  public Amounts amounts(ModelAnswer.Usage usage) {
    double price =
        usage.input() * inputPrice
            + usage.cached() * cachedPrice
            + usage.cacheWritten() * cacheWritePrice
            + usage.output() * outputPrice;
    return Amounts.of(Meter.INPUT_TOKENS, usage.allInput())
        .with(Meter.OUTPUT_TOKENS, usage.output())
        .with(Meter.MICRO_USD, (long) Math.ceil(price));
  }

  /** The most that a question of {@code input} tokens and its answer can cost. */
  public Amounts most(long input, long output) {
    double dearest = Math.max(inputPrice, cacheWritePrice);
    return Amounts.of(Meter.INPUT_TOKENS, input)
        .with(Meter.OUTPUT_TOKENS, output)
        .with(Meter.MICRO_USD, (long) Math.ceil(input * dearest + output * outputPrice));
  }
}

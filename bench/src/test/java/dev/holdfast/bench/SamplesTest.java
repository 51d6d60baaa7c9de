package dev.holdfast.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class SamplesTest {
  private static Samples of(LongStream nanos) {
    var samples = new Samples();
    nanos.forEach(samples::add);
    return samples;
  }

  @Test
  void aPercentileIsTheNearestRank() {
    Samples hundred = of(LongStream.iterate(100, n -> n > 0, n -> n - 1));

    assertThat(hundred.percentile(50)).isEqualTo(50);
    assertThat(hundred.percentile(99)).isEqualTo(99);
    assertThat(hundred.percentile(100)).isEqualTo(100);
    assertThat(hundred.percentile(0.1)).isEqualTo(1);
  }

  @Test
  void aPercentileIsAlwaysOneOfTheSamples() {
    assertThat(of(LongStream.of(7)).percentile(50)).isEqualTo(7);
    assertThat(of(LongStream.of(30, 10)).percentile(50)).isEqualTo(10);
    assertThat(of(LongStream.of(30, 10)).percentile(51)).isEqualTo(30);
    assertThat(of(LongStream.of(5, 1, 3)).percentile(50)).isEqualTo(3);
  }

  @Test
  void holdsAnyNumber() {
    Samples many = of(LongStream.rangeClosed(1, 10_000));

    assertThat(many.size()).isEqualTo(10_000);
    assertThat(many.percentile(50)).isEqualTo(5_000);
  }

  @Test
  void nothingHasNoPercentile() {
    assertThatThrownBy(() -> new Samples().percentile(50))
        .isInstanceOf(IllegalStateException.class);
  }
}

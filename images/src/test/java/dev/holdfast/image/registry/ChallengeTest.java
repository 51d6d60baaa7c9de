package dev.holdfast.image.registry;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

class ChallengeTest {
  @Test
  void parametersAreReadWithAndWithoutQuotes() {
    assertThat(
            Challenge.parse(
                "Bearer realm=\"https://a.example/t?x=1,2\", service=reg , scope=\"a \\\"b\\\"\""))
        .contains(
            new Challenge(
                "bearer",
                Map.of(
                    "realm", "https://a.example/t?x=1,2", "service", "reg", "scope", "a \"b\"")));
  }

  @Property
  void nothingThatIsSentBreaksTheReader(@ForAll @StringLength(max = 300) String header) {
    String scheme = Challenge.parse(header).map(Challenge::scheme).orElse("none");
    assertThat(scheme).matches("[a-z]+");
  }
}

package dev.holdfast.image.build;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.image.ImageException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DevContainerTest {
  @Test
  void becomesTheStepsOfADockerfile() {
    var container =
        DevContainer.read(
            """
            {
              // with comments
              "image": "debian:12", /* and these */
              "containerEnv": {"A": "1 $B \\"q\\""},
              "remoteEnv": {"C": "2"},
              "remoteUser": "dev",
              "onCreateCommand": {"x": "make 'all'", "y": ["touch", "a b"]},
              "postCreateCommand": "",
              "forwardPorts": [80],
            }
            """);
    assertThat(container.dockerfile(""))
        .isEqualTo(
            """
            FROM debian:12
            ENV A="1 \\$B \\"q\\""
            USER "dev"
            ENV C="2"
            RUN ["/bin/sh","-c","make 'all'"]
            RUN ["touch","a b"]
            RUN ["/bin/sh","-c",""]
            """);
    assertThat(container.unheeded()).containsExactly("forwardPorts");
    var env = Dockerfile.read(container.dockerfile(""), "d").stages().getFirst().steps().getFirst();
    assertThat(env.words(new Words('\\'), _ -> "expanded")).containsExactly("A=1 $B \"q\"");
  }

  @Test
  void aDockerfileIsGoneOnWith() {
    var container =
        DevContainer.read(
            """
            {"build": {"dockerfile": "Dockerfile", "context": "..", "args": {"V": "1"}, "target": "x"},
             "postCreateCommand": "true"}
            """);
    assertThat(container.context()).isEqualTo("..");
    assertThat(container.arguments()).containsEntry("V", "1");
    assertThat(container.unheeded()).containsExactly("build.target");
    assertThat(container.dockerfile("FROM a"))
        .isEqualTo("FROM a\nRUN [\"/bin/sh\",\"-c\",\"true\"]\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[]",
        "{}",
        "{\"image\": \"a\", \"build\": {\"dockerfile\": \"b\"}}",
        "{\"image\": \"a\", \"features\": {\"ghcr.io/x/y:1\": {}}}",
        "{\"dockerComposeFile\": \"c.yml\"}",
        "{\"image\": \"a\\nRUN evil\"}",
        "{\"image\": \"a\", \"containerEnv\": {\"A B\": \"x\"}}",
        "{\"image\": \"a\", \"containerEnv\": {\"A\": \"x\\nRUN y\"}}",
        "{\"image\": \"a\", \"remoteEnv\": {\"A\": \"${localEnv:HOME}\"}}",
        "{\"image\": \"a\", \"postCreateCommand\": 5}",
        "{\"image\": ",
      })
  void whatCannotBeGivenIsRefused(String json) {
    assertThatThrownBy(() -> DevContainer.read(json)).isInstanceOf(ImageException.class);
  }
}

package dev.holdfast.harness.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScriptTest {
  @TempDir Path directory;

  private Script read(String text) {
    try {
      var file = directory.resolve("script");
      Files.writeString(file, text);
      return Script.read(file);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void jsonIsAScriptToo() {
    var script = read("{\"turns\":[{\"text\":\"hi\",\"calls\":[{\"tool\":\"look\"}]}]}");

    assertThat(script.turns().getFirst().calls().getFirst().given().isObject()).isTrue();
  }

  @Test
  void aMistakeIsNamedWithItsFile() {
    for (var text :
        List.of(
            "turns: []",
            "turns: [{txt: hi}]",
            "turns: [{expect: [{result: 0}]}]",
            "turns: [{expect: [{matches: \"(\"}]}]",
            "turns: [{fail: {as: bored}}]",
            "turn: []",
            "[",
            "")) {
      assertThatThrownBy(() -> read(text))
          .as(text)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("is not a script");
    }
    assertThatThrownBy(() -> Script.read(directory.resolve("none")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("there is no script");
  }
}

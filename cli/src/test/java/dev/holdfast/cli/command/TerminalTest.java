package dev.holdfast.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

class TerminalTest {
  @ParameterizedTest
  @CsvSource({
    "'\033]0;root@host\007', \\u001b]0;root@host\\u0007", // OSC: retitles the window
    "'\033]52;c;ZXZpbA==\033\\', \\u001b]52;c;ZXZpbA==\\u001b\\", // OSC 52: writes the clipboard
    "'\033]8;;http://evil\033\\', \\u001b]8;;http://evil\\u001b\\", // OSC 8: a link under other
    // text
    "'\033[2J\033[H', \\u001b[2J\\u001b[H", // CSI: clears the screen
    "'\033[1A\033[2K', \\u001b[1A\\u001b[2K", // CSI: overwrites the line above
    "'\033[6n', \\u001b[6n", // CSI: the terminal answers as if typed
    "'\033P$q\"p\033\\', \\u001bP$q\"p\\u001b\\", // DCS: likewise
    "'\033c', \\u001bc", // resets the terminal
    "'\u009b2J', \\u009b2J", // C1: the same as ESC [
    "'\u009d0;t\u009c', \\u009d0;t\\u009c", // C1: the same as ESC ]
    "'rm x\rls', rm x\\u000dls", // returns and overwrites
    "'a\bb', a\\u0008b",
    "'\u007f', \\u007f",
    "'\0', \\u0000",
    "'a\u202egnp.exe', a\\u202egnp.exe", // right-to-left override
    "'\u2066x\u2069', \\u2066x\\u2069",
    "'\u200fx', \\u200fx",
    "'\u061cx', \\u061cx", // Arabic letter mark
    "'a\u200bb', a\\u200bb", // zero width: two names that look the same
    "'\u2028', \\u2028",
    "'\u3164', \\u3164", // a letter that is drawn as nothing
    "'\udb40\udc41', \\U000e0041", // a tag: text that only a model reads
    "'\udb40\udd00', \\U000e0100",
    "'\ud800', \\ud800",
  })
  void showsWhatWouldActOnTheTerminal(String hostile, String shown) {
    assertThat(Terminal.safe(hostile)).isEqualTo(shown);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"plain", "Grüße, 世界", "two\nlines\tand a tab", "שלום", "🧰 ❤️", "\\u001b"})
  void leavesOrdinaryTextAlone(String text) {
    assertThat(Terminal.safe(text)).isEqualTo(text);
  }

  /** Every code point, so that no range was forgotten. */
  @Test
  void sendsNoControlAndNoFormatCharacter() {
    var all =
        IntStream.rangeClosed(0, Character.MAX_CODE_POINT)
            .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append);
    var safe = Terminal.safe(all.toString());
    assertThat(safe.codePoints().filter(c -> c != '\n' && c != '\t'))
        .noneMatch(Character::isISOControl)
        .noneMatch(c -> Character.getType(c) == Character.FORMAT);
    assertThat(Terminal.safe(safe)).isEqualTo(safe);
  }

  @Test
  void jsonIsHarmlessTooAndMeansTheSame() {
    var written = new ByteArrayOutputStream();
    var out = new PrintStream(written, true, StandardCharsets.UTF_8);
    var text = "\033]0;x\007 \u009b2J \u202e \udb40\udc41 Grüße";
    new Terminal(out, out, true, false, true, true).json(Map.of("text", text));
    var line = written.toString(StandardCharsets.UTF_8);
    assertThat(line.strip()).isEqualTo(Terminal.safe(line.strip())).contains("Grüße", "\\u009b2J");
    assertThat(JsonMapper.shared().readTree(line).path("text").asString()).isEqualTo(text);
  }
}

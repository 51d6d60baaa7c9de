package dev.holdfast.policy.shell;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.AlphaChars;
import net.jqwik.api.constraints.Chars;
import net.jqwik.api.constraints.StringLength;

class ShellReaderPropertyTest {
  private static final String QUOTE = "'";

  @Property(tries = 2000)
  void anyTextIsReadWithoutFailing(@ForAll @StringLength(max = 200) String script) {
    assertThat(ShellReader.read(script)).isNotNull();
  }

  @Property(tries = 4000)
  void anySyntaxIsReadWithoutFailing(
      @ForAll
          @Chars({
            '$', '(', ')', '{', '}', '`', '"', '\'', '\\', '\n', ' ', ';', '&', '|', '<', '>', '#',
            'a', '=', '[', ']', '!', '-', '1'
          })
          @StringLength(max = 60)
          String script) {
    assertThat(ShellReader.read(script)).isNotNull();
  }

  @Property(tries = 500)
  void aQuotedWordIsLiteral(@ForAll String text) {
    if (text.indexOf('\0') >= 0) {
      return;
    }
    var quoted = QUOTE + text.replace(QUOTE, "'\\''") + QUOTE;
    var reading = ShellReader.read("echo " + quoted);
    assertThat(reading.unknown()).isEmpty();
    assertThat(reading.invocations().getFirst().arguments().getFirst().text()).isEqualTo(text);
  }

  @Property(tries = 300)
  void wrappingAScriptInAShellHidesNothing(
      @ForAll @AlphaChars @StringLength(min = 7, max = 12) String program) {
    for (var script :
        new String[] {
          "bash -c '%s x'",
          "env A=1 %s",
          "echo $(%s)",
          "find . -exec %s {} \\;",
          "f() { %s; }",
          "if a; then %s; fi"
        }) {
      var reading = ShellReader.read(script.formatted(program));
      assertThat(reading.invocations()).anyMatch(i -> i.program().equals(program));
    }
  }
}

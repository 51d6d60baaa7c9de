package dev.holdfast.harness;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class ResumePropertyTest {
  @Provide
  Arbitrary<List<String>> turns() {
    var call =
        Combinators.combine(
                Arbitraries.of("look", "change", "nothing"), Arbitraries.integers().between(0, 5))
            .as((tool, at) -> "{tool: %s, input: {at: %d}}".formatted(tool, at));
    var text = Arbitraries.of("Fine.", "UNSURE: about this", "");
    var fail =
        Arbitraries.of(
            "",
            "",
            ", fail: {as: overloaded, attempts: 2}",
            ", fail: {as: rate_limited, attempts: 1, retry_after_millis: 10}");
    return Combinators.combine(text, call.list().ofMinSize(1).ofMaxSize(4), fail)
        .as((said, calls, failure) -> "{text: \"%s\", calls: %s%s}".formatted(said, calls, failure))
        .list()
        .ofMinSize(1)
        .ofMaxSize(6);
  }

  @Property(tries = 25)
  void anyPrefixOfAnyLogLeadsToTheSameConversation(@ForAll("turns") List<String> turns)
      throws IOException {
    var directory = Files.createTempDirectory("resume");
    var model =
        Rig.script(
            directory,
            "turns:\n- " + String.join("\n- ", turns) + "\n- {calls: [{tool: submit_change}]}\n");
    var whole = new Rig();
    var end = whole.run(model);
    var expected = History.rebuild(whole.log.events(), whole.log).conversation();

    for (int kept = 1; kept <= whole.log.events().size(); kept++) {
      var again = new Rig(MemoryLog.prefix(whole.log, kept));
      assertThat(again.run(model)).as("after %d events", kept).isEqualTo(end);
      assertThat(History.rebuild(again.log.events(), again.log).conversation())
          .as("after %d events", kept)
          .isEqualTo(expected);
    }
    try (var files = Files.list(directory)) {
      for (var file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(directory);
  }
}

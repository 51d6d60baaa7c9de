package dev.holdfast.workbench.wasm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.workbench.End;
import dev.holdfast.workbench.ExecResult;
import dev.holdfast.workbench.FunctionCall;
import dev.holdfast.workbench.FunctionCall.Chance;
import dev.holdfast.workbench.FunctionCall.Clock;
import dev.holdfast.workbench.FunctionCall.Limits;
import dev.holdfast.workbench.FunctionModule;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A real program, compiled from C: what it can do, and what it cannot. */
@Timeout(120)
class WasmFunctionsTest {
  private static final Limits LIMITS = new Limits(8L << 20, Duration.ofSeconds(30), 64 << 10);
  private static final Limits SHORT = new Limits(8L << 20, Duration.ofSeconds(2), 64 << 10);
  private static final WasmFunctions FUNCTIONS = new WasmFunctions();

  @Test
  void stdinGoesInAndStdoutComesOut() {
    var result = FUNCTIONS.call(Compiler.PROGRAM, call(LIMITS, "grün\n", "upper"));
    assertThat(result.end()).isEqualTo(new End.Exited(0));
    assertThat(result.stdoutText()).isEqualTo("GRüN\n");
    assertThat(result.use().wall()).isPositive();
    assertThat(result.use().maxResidentBytes()).isBetween(1L << 16, 8L << 20);
  }

  @Test
  void itSeesItsArgumentsAndItsEnvironmentAndNothingElse() {
    var call =
        new FunctionCall(
            List.of("say", "", "ä b"),
            Map.of("LANG", "C"),
            new byte[0],
            Map.of(),
            LIMITS,
            Clock.NONE,
            Chance.NONE);
    assertThat(FUNCTIONS.call(Compiler.PROGRAM, call).stdoutText())
        .isEqualTo("program.wasm\nsay\n\nä b\nLANG=C\n");
  }

  @ParameterizedTest
  @CsvSource({"0, 0", "7, 7", "255, 255", "256, 255", "-1, 255"})
  void itEndsWithItsCodeAndNeverWithZeroByAccident(String code, int reported) {
    assertThat(run("exit", code).end()).isEqualTo(new End.Exited(reported));
  }

  @Test
  void aLoopEndsWhenTimeIsOver() {
    assertThat(FUNCTIONS.call(Compiler.PROGRAM, call(SHORT, "", "loop")).end())
        .isEqualTo(new End.TimedOut(Duration.ofSeconds(2)));
    // Its thread is gone: otherwise nothing more would start.
    assertThat(run("exit", "3").end()).isEqualTo(new End.Exited(3));
  }

  @Test
  void sleepingForEverEndsToo() {
    var call = call(SHORT, "", "sleep", "2000000000");
    assertThat(FUNCTIONS.call(Compiler.PROGRAM, call.with(Clock.REAL, Chance.NONE)).end())
        .isEqualTo(new End.TimedOut(Duration.ofSeconds(2)));
  }

  @Test
  void memoryAndOutputEnd() {
    assertThat(run("grow").end()).isEqualTo(new End.OutOfMemory(8L << 20));
    var flood = run("flood");
    assertThat(flood.end()).isEqualTo(new End.OutputExceeded(64 << 10));
    assertThat(flood.stdout()).hasSize(64 << 10);
  }

  @ParameterizedTest
  @CsvSource({
    "divide, divide by zero",
    "abort, unreachable",
    "outside, out of bounds",
    "wrong-type, indirect call type mismatch",
    "deep, out of bounds",
  })
  void whatTheMachineCannotDoIsATrapWithItsReason(String what, String reason) {
    assertThat(run(what).end())
        .isInstanceOfSatisfying(
            End.Trapped.class, trap -> assertThat(trap.reason()).contains(reason));
  }

  @Test
  void withoutFilesThereIsNoFileSystem() {
    for (var path : List.of("/etc/passwd", "pom.xml", "/proc/self/environ", "/workspace")) {
      assertThat(run("cat", path).end()).as(path).isEqualTo(new End.Exited(1));
    }
  }

  @Test
  void itReadsItsFilesAndCannotChangeThem() {
    var files = Map.of("a.txt", bytes("one"), "d/b.txt", bytes("two"));
    assertThat(run(files, "cat", "/workspace/a.txt").stdoutText()).isEqualTo("one");
    assertThat(run(files, "cat", "d/../d/b.txt").stdoutText()).isEqualTo("two");
    assertThat(run(files, "list", ".").stdoutText()).isEqualTo("a.txt\nd\n");
    assertThat(run(files, "put", "a.txt", "x").stdoutText()).contains("Read-only");
    assertThat(run(files, "put", "new.txt", "x").stdoutText()).contains("Read-only");
    assertThat(run(files, "cat", "a.txt").stdoutText()).isEqualTo("one");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "..",
        "../etc/passwd",
        "/etc/passwd",
        "/",
        "d/../../etc/passwd",
        "d/../d/../..",
        "./../x",
        "//etc/passwd"
      })
  void noPathLeadsOut(String path) {
    var files = Map.of("d/b.txt", bytes("two"));
    assertThat(run(files, "raw", path).stdoutText()).isEqualTo("76\n76\n");
  }

  @Test
  void thereAreNoLinksToMake() {
    assertThat(run(Map.of("a", bytes("")), "link-out").stdoutText()).isEqualTo("58\n58\n");
  }

  @Test
  void descriptorsAreBounded() {
    assertThat(run(Map.of("a", bytes("")), "open-many").stdoutText())
        .matches("59 (No file descriptors available|Too many open files)\n");
  }

  @Test
  void timeAndChanceAreThereOnlyWhenGiven() {
    assertThat(run("look").stdoutText()).startsWith("clock: ");
    assertThat(run("luck").stdoutText()).startsWith("random: ");
    var fixed = sensing(Clock.FIXED, Chance.SEEDED, "look");
    assertThat(fixed).isEqualTo("946684800\n").isEqualTo(sensing(Clock.FIXED, Chance.NONE, "look"));
    assertThat(Long.parseLong(sensing(Clock.REAL, Chance.NONE, "look").strip()))
        .isGreaterThan(1_700_000_000L);
    assertThat(sensing(Clock.NONE, Chance.SEEDED, "luck"))
        .hasSize(33)
        .isEqualTo(sensing(Clock.NONE, Chance.SEEDED, "luck"));
    assertThat(sensing(Clock.NONE, Chance.REAL, "luck"))
        .isNotEqualTo(sensing(Clock.NONE, Chance.REAL, "luck"));
  }

  @Test
  void aFixedClockSkipsSleep() {
    var call = call(LIMITS, "", "sleep", "2000000").with(Clock.FIXED, Chance.NONE);
    var result = FUNCTIONS.call(Compiler.PROGRAM, call);
    assertThat(result.end()).isEqualTo(new End.Exited(0));
    assertThat(result.use().wall()).isLessThan(Duration.ofSeconds(30));
  }

  @Test
  void manyRunAtOnceAndDoNotMeet() {
    var answers =
        IntStream.range(0, 64)
            .parallel()
            .mapToObj(i -> FUNCTIONS.call(Compiler.PROGRAM, call(LIMITS, "n" + i, "upper")))
            .map(ExecResult::stdoutText)
            .toList();
    assertThat(answers)
        .containsExactlyElementsOf(IntStream.range(0, 64).mapToObj(i -> "N" + i).toList());
  }

  @Test
  void aModuleIsTheOneThatWasMeant() {
    var bytes = Binary.doing(0x01);
    assertThatThrownBy(() -> new FunctionModule("m", bytes, "0".repeat(64)))
        .hasMessageContaining("it must be `000");
    assertThatThrownBy(() -> FunctionModule.of("m", new byte[FunctionModule.MOST_BYTES + 1]))
        .hasMessageContaining("at most 8388608 are allowed");
  }

  private static String sensing(Clock clock, Chance chance, String what) {
    var result = FUNCTIONS.call(Compiler.PROGRAM, call(LIMITS, "", what).with(clock, chance));
    return result.stdoutText();
  }

  private static ExecResult run(String... arguments) {
    return FUNCTIONS.call(Compiler.PROGRAM, call(LIMITS, "", arguments));
  }

  private static ExecResult run(Map<String, byte[]> files, String... arguments) {
    return FUNCTIONS.call(Compiler.PROGRAM, call(LIMITS, "", arguments).with(files));
  }

  private static FunctionCall call(Limits limits, String stdin, String... arguments) {
    return FunctionCall.of(List.of(arguments), bytes(stdin), limits);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}

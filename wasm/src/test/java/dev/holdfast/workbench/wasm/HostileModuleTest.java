package dev.holdfast.workbench.wasm;

import static dev.holdfast.workbench.wasm.Binary.join;
import static dev.holdfast.workbench.wasm.Binary.number;
import static dev.holdfast.workbench.wasm.Binary.raw;
import static dev.holdfast.workbench.wasm.Binary.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.workbench.End;
import dev.holdfast.workbench.FunctionCall;
import dev.holdfast.workbench.FunctionCall.Limits;
import dev.holdfast.workbench.FunctionModule;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Modules put together byte by byte, to take what was not given or to break what reads them. */
@Timeout(120)
class HostileModuleTest {
  private static final int UNREACHABLE = 0x00;
  private static final int LOOP = 0x03;
  private static final int IF = 0x04;
  private static final int END = 0x0b;
  private static final int VOID = 0x40;
  private static final int DROP = 0x1a;
  private static final int I32_CONST = 0x41;
  private static final int NOT_EQUAL = 0x47;

  /** The sample's data: one segment, of three bytes at 8. */
  private static final byte[] DATA = raw(1, 0, I32_CONST, 8, END, 3, 'a', 'b', 'c');

  private static final Limits LIMITS = new Limits(1 << 20, Duration.ofSeconds(20), 1024);
  private static final WasmFunctions FUNCTIONS = new WasmFunctions();

  static Stream<Arguments> refused() {
    return Stream.of(
        wrong("nothing", new byte[0], "not a WebAssembly module"),
        wrong("text", "(module)".getBytes(StandardCharsets.UTF_8), "not a Web"),
        wrong("no _start", new Binary().oneFunction().code().done(), "exports no function"),
        wrong(
            "_start with parameters",
            new Binary()
                .section(1, raw(1, 0x60, 1, 0x7f, 0))
                .section(3, raw(1, 0))
                .exported()
                .code()
                .done(),
            "without parameters"),
        wrong(
            "a billion parameters",
            new Binary().section(1, raw(1, 0x60), number(1 << 30)).done(),
            "parameters of a type"),
        wrong(
            "a billion types",
            new Binary().section(1, number(1 << 30)).done(),
            "`1073741824` types"),
        wrong(
            "a number without an end",
            new Binary().section(1, raw(0xff, 0xff, 0xff, 0xff, 0xff, 0xff)).done(),
            "more than 32 bits"),
        wrong(
            "a section beyond the end",
            join(new Binary().done(), raw(1), number(100)),
            "ends in the middle"),
        wrong(
            "locals by the billion",
            new Binary()
                .oneFunction()
                .exported()
                .code(
                    join(raw(2), number(40_000), raw(0x7f), number(4_000_000_000L), raw(0x7f)),
                    raw())
                .done(),
            "locals"),
        wrong(
            "a garbage-collected type",
            new Binary().section(1, raw(1, 0x5e, 0x7f, 1)).done(),
            "only functions are allowed"),
        wrong(
            "a shared memory",
            new Binary().oneFunction().section(5, raw(1, 3, 1, 1)).done(),
            "shared and 64-bit"),
        wrong(
            "two memories",
            new Binary().oneFunction().section(5, raw(2, 0, 1, 0, 1)).done(),
            "`2` memories"),
        wrong(
            "a huge table",
            new Binary().oneFunction().section(4, raw(1, 0x70, 0), number(9_999_999)).done(),
            "elements in a table"),
        wrong(
            "exceptions",
            new Binary().oneFunction().section(13, raw(1, 0, 0)).exported().code().done(),
            "section `13`"),
        wrong(
            "an instruction with vectors",
            Binary.doing(0xfd, 0x0c, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, DROP),
            "without vectors"),
        wrong("code that is not valid", Binary.doing(DROP), "not valid"),
        wrong("an instruction that is none", Binary.doing(0xff, 0xff), "not valid"),
        wrong("an import that nobody has", importing("env", "system"), "env.system"),
        wrong(
            "a call of WASI that is none",
            importing("wasi_snapshot_preview1", "path_exec"),
            "path_exec"),
        wrong(
            "data beyond the memory",
            new Binary()
                .oneFunction()
                .section(5, raw(1, 0, 1))
                .exported()
                .code()
                .section(11, raw(1, 0, I32_CONST), number(65_535), raw(END, 2, 'a', 'b'))
                .done(),
            ""));
  }

  private static byte[] importing(String module, String name) {
    return new Binary()
        .section(1, raw(1, 0x60, 0, 0))
        .section(2, raw(1), text(module), text(name), raw(0, 0))
        .section(3, raw(1, 0))
        .section(7, raw(1), text("_start"), raw(0, 1))
        .code()
        .done();
  }

  private static Arguments wrong(String what, byte[] module, String reason) {
    return Arguments.of(what, module, reason);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource
  void refused(String what, byte[] module, String reason) {
    assertThat(call(module))
        .isInstanceOfSatisfying(
            End.NotStarted.class,
            it ->
                assertThat(it.reason())
                    .startsWith("module `m.wasm` is not allowed: it ")
                    .contains(reason)
                    .doesNotContain("chicory")
                    .doesNotContain("Exception"));
  }

  @Test
  void moreMemoryThanAllowedIsNotGivenAtTheStart() {
    var module =
        new Binary().oneFunction().section(5, raw(1, 0), number(65_536)).exported().code().done();
    assertThat(call(module)).isEqualTo(new End.OutOfMemory(1 << 20));
  }

  @Test
  void callsThatNestForEverEnd() {
    assertThat(call(Binary.doing(0x10, 0))).isEqualTo(new End.Trapped("call stack exhausted"));
  }

  @Test
  void aLoopBeforeTheStartEndsToo() {
    var module =
        new Binary()
            .oneFunction()
            .exported()
            .section(8, raw(0))
            .code(LOOP, VOID, 0x0c, 0, END)
            .done();
    var limits = new Limits(1 << 20, Duration.ofSeconds(1), 1024);
    assertThat(call(module, limits)).isEqualTo(new End.TimedOut(Duration.ofSeconds(1)));
  }

  @Test
  void aTableThatGrewIsItsOldSizeInTheNextCall() {
    var module =
        new Binary()
            .oneFunction()
            .section(4, raw(1, 0x70, 0, 1))
            .exported()
            .code(
                raw(0),
                join(
                    unless(join(raw(0xfc, 0x10, 0)), 1), // table.size
                    raw(0xd0, 0x70, I32_CONST, 10, 0xfc, 0x0f, 0, DROP))) // table.grow
            .done();
    for (int i = 0; i < 3; i++) {
      assertThat(call(module)).isEqualTo(new End.Exited(0));
    }
  }

  @Test
  void tablesGrowSoFarAndNoFurther() {
    for (long more : new long[] {ModuleScan.MOST_ELEMENTS, Integer.MAX_VALUE}) {
      var grow = join(raw(0xd0, 0x70, I32_CONST), signed(more), raw(0xfc, 0x0f, 0));
      var module =
          new Binary()
              .oneFunction()
              .section(4, raw(1, 0x70, 0, 1))
              .exported()
              .code(raw(0), unless(grow, 0x7f)) // -1
              .done();
      assertThat(call(module)).isEqualTo(new End.Exited(0));
    }
  }

  /** A trap, unless {@code value} is {@code expected}. */
  private static byte[] unless(byte[] value, int expected) {
    return join(value, raw(I32_CONST, expected, NOT_EQUAL, IF, VOID, UNREACHABLE, END));
  }

  /** A number that is not negative, in the signed form. */
  private static byte[] signed(long value) {
    var bytes = number(value);
    return (bytes[bytes.length - 1] & 0x40) == 0
        ? bytes
        : join(Arrays.copyOf(bytes, bytes.length - 1), raw(bytes[bytes.length - 1] | 0x80, 0));
  }

  @Property(tries = 400)
  void noChangedByteGetsAnythingButAnEnd(
      @ForAll @IntRange(max = 1000) int where, @ForAll byte value) {
    var module = sample();
    module[where % module.length] = value;
    assertThat(call(module)).isNotNull();
  }

  /**
   * Cut before its last section, the data, it is a whole program again; cut elsewhere it is none.
   */
  @Test
  void aTruncatedModuleIsRefused() {
    var module = sample();
    int data = module.length - DATA.length - 2;
    for (int length = 0; length < module.length; length++) {
      var end = call(Arrays.copyOf(module, length));
      if (length == data) {
        assertThat(end).isEqualTo(new End.Exited(7));
      } else {
        assertThat(end).as("cut to %d bytes", length).isInstanceOf(End.NotStarted.class);
      }
    }
  }

  @Property(tries = 200)
  void noBytesGetAnythingButAnEnd(@ForAll byte[] rest) {
    assertThat(call(join(new Binary().done(), rest))).isInstanceOf(End.NotStarted.class);
  }

  private static byte[] sample() {
    return new Binary()
        .section(1, raw(2, 0x60, 0, 0, 0x60, 1, 0x7f, 0))
        .section(2, raw(1), text("wasi_snapshot_preview1"), text("proc_exit"), raw(0, 1))
        .section(3, raw(1, 0))
        .section(4, raw(1, 0x70, 1, 2, 4))
        .section(5, raw(1, 1, 1, 2))
        .section(6, raw(1, 0x7f, 1, I32_CONST, 5, END))
        .section(7, raw(1), text("_start"), raw(0, 1))
        .section(9, raw(1, 0, I32_CONST, 0, END, 1, 1))
        .code(I32_CONST, 7, 0x24, 0, 0x23, 0, 0x10, 0)
        .section(11, DATA)
        .done();
  }

  @Test
  void theSampleIsAProgram() {
    assertThat(call(sample())).isEqualTo(new End.Exited(7));
  }

  private static End call(byte[] module) {
    return call(module, LIMITS);
  }

  private static End call(byte[] module, Limits limits) {
    var call = FunctionCall.of(List.of(), new byte[0], limits);
    return FUNCTIONS.call(FunctionModule.of("m.wasm", module), call).end();
  }
}

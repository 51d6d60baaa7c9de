package dev.holdfast.scorecard;

import static dev.holdfast.scorecard.Binary.join;
import static dev.holdfast.scorecard.Binary.name;
import static dev.holdfast.scorecard.Binary.raw;
import static dev.holdfast.scorecard.Binary.signed;
import static dev.holdfast.scorecard.Binary.sized;
import static dev.holdfast.scorecard.Binary.unsigned;

import dev.holdfast.scorecard.ModuleStep.Operand;
import dev.holdfast.scorecard.ModuleStep.Repeat;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes the steps of an attempt as a WebAssembly module. Its memory begins with 4 pages; the texts
 * of its calls lie from {@value #FIRST_TEXT} on, below {@value #TEXTS_END}. Its table has nothing
 * at 0, a function of another type at 1, and at 2 one that calls what is at 2.
 */
final class ModuleWriter {
  /** Its exit code when what was looked at is the module's own. */
  static final int OWN = 251;

  /** Its exit code when memory or a table did not grow. */
  static final int REFUSED = 253;

  /** Its exit code when a number was refused for another reason than those before it. */
  static final int MIXED = 250;

  /** Its exit code when what an attempt needs could not be prepared. */
  static final int UNPREPARED = 254;

  private static final String WASI = "wasi_snapshot_preview1";
  private static final int PAGES = 4;
  private static final int FIRST_TEXT = 1024;
  private static final int TEXTS_END = 1 << 16;

  /** What a {@code #} in a text becomes: the turn with that many digits. */
  private static final int DIGITS = 7;

  private static final byte[] MAGIC = raw(0, 'a', 's', 'm', 1, 0, 0, 0);
  private static final int FUNCTION = 0x60;
  private static final int ANY_FUNCTION = 0x70;
  private static final int I32 = 0x7f;
  private static final int I64 = 0x7e;
  private static final int VOID = 0x40;
  private static final int LOOP = 0x03;
  private static final int IF = 0x04;
  private static final int END = 0x0b;
  private static final int BRANCH = 0x0c;
  private static final int BRANCH_IF = 0x0d;
  private static final int CALL = 0x10;
  private static final int DROP = 0x1a;
  private static final int SELECT = 0x1b;
  private static final int GET = 0x20;
  private static final int SET = 0x21;
  private static final int TEE = 0x22;
  private static final int LOAD = 0x28;
  private static final int STORE_BYTE = 0x3a;
  private static final int NUMBER = 0x41;
  private static final int WIDE_NUMBER = 0x42;
  private static final int IS_ZERO = 0x45;
  private static final int EQUAL = 0x46;
  private static final int NOT_EQUAL = 0x47;
  private static final int LESS_OR_EQUAL = 0x4c;
  private static final int ADD = 0x6a;
  private static final int DIVIDE = 0x6e;
  private static final int REMAINDER = 0x70;

  /** The local variables of its one program. */
  private static final int RESULT = 0;

  private static final int TURN = 1;
  private static final int FIRST_RESULT = 2;

  /** A function that is imported; its types are letters of {@link #I32} and {@link #I64}. */
  private record Import(String module, String name, List<Integer> takes, boolean gives) {}

  /** The body of the function that calls what is at 2, without its end. */
  private static final byte[] AGAIN = raw(0, NUMBER, 2, 0x11, 0, 0);

  private static final Import EXIT = new Import(WASI, "proc_exit", List.of(I32), false);

  private final List<Import> imports = new ArrayList<>(List.of(EXIT));
  private final ByteArrayOutputStream texts = new ByteArrayOutputStream();
  private final ByteArrayOutputStream code = new ByteArrayOutputStream();

  private ModuleWriter() {}

  /** The module that makes the steps. */
  static byte[] write(List<ModuleStep> steps) {
    var writer = new ModuleWriter();
    writer.steps(steps);
    return writer.module();
  }

  private void steps(List<ModuleStep> steps) {
    for (int i = 0; i < steps.size(); i++) {
      var step = steps.get(i);
      switch (step.repeat()) {
        case Repeat.Once() -> once(step);
        case Repeat.Each(int from, int to) -> each(step, from, to);
        case Repeat.Times(int most) -> {
          put(NUMBER, 0, SET, TURN, LOOP, VOID);
          steps.subList(i, steps.size()).forEach(this::once);
          nextTurn(most - 1);
          put(END);
          return;
        }
        case Repeat.Ever() -> {
          put(LOOP, VOID);
          call(step);
          put(DROP, BRANCH, 0, END);
        }
      }
    }
  }

  /** Ends the program with what it is refused for. */
  private void once(ModuleStep step) {
    call(step);
    put(TEE, RESULT, IF, VOID);
    if (step.prepares()) {
      number(UNPREPARED);
    } else {
      put(GET, RESULT);
    }
    put(CALL, 0, END);
  }

  /** Ends the program with 0 as soon as one is not refused, else with what all were refused for. */
  private void each(ModuleStep step, int from, int to) {
    number(from);
    put(SET, TURN, LOOP, VOID);
    call(step);
    put(TEE, RESULT, IS_ZERO, IF, VOID, NUMBER, 0, CALL, 0, END);
    put(GET, FIRST_RESULT, IS_ZERO, IF, VOID, GET, RESULT, SET, FIRST_RESULT, END);
    put(GET, FIRST_RESULT, GET, RESULT, NOT_EQUAL, IF, VOID);
    number(MIXED);
    put(CALL, 0, END);
    nextTurn(to);
    put(END, GET, RESULT, CALL, 0);
  }

  private void nextTurn(int last) {
    put(GET, TURN, NUMBER, 1, ADD, TEE, TURN);
    number(last);
    put(LESS_OR_EQUAL, BRANCH_IF, 0);
  }

  /** Leaves 0 on the stack when the call works. */
  private void call(ModuleStep step) {
    switch (step.name()) {
      case "nop" -> put(NUMBER, 0);
      case "is" -> same(step, OWN, () -> {});
      case "memory.grow" ->
          same(
              step,
              REFUSED,
              () -> {
                put(0x40, 0);
                number(-1);
              });
      case "table.grow" -> {
        number(REFUSED);
        put(NUMBER, 0, 0xd0, ANY_FUNCTION);
        step.operands().forEach(this::operand);
        put(0xfc, 0x0f, 0);
        number(-1);
        put(EQUAL, SELECT);
      }
      case "load" -> quiet(step, 0x2d, 0, 0, DROP);
      case "store" -> quiet(step, 0x37, 0, 0);
      case "memory.fill" -> quiet(step, 0xfc, 0x0b, 0);
      case "memory.copy" -> quiet(step, 0xfc, 0x0a, 0, 0);
      case "call_indirect" -> quiet(step, 0x11, 0, 0);
      default -> imported(step);
    }
  }

  /** {@code code} when the two numbers are the same, else 0. */
  private void same(ModuleStep step, int answer, Runnable second) {
    number(answer);
    put(NUMBER, 0);
    step.operands().forEach(this::operand);
    second.run();
    put(EQUAL, SELECT);
  }

  /** An instruction that works or ends the program. */
  private void quiet(ModuleStep step, int... instruction) {
    step.operands().forEach(this::operand);
    put(instruction);
    put(NUMBER, 0);
  }

  private void imported(ModuleStep step) {
    var takes = new ArrayList<Integer>();
    for (var operand : step.operands()) {
      operand(operand);
      switch (operand) {
        case Operand.Value(_, boolean wide) -> takes.add(wide ? I64 : I32);
        case Operand.At _, Operand.Turn _ -> takes.add(I32);
        case Operand.Bytes _, Operand.Vector _ -> takes.addAll(List.of(I32, I32));
      }
    }
    int dot = step.name().lastIndexOf('.');
    var function =
        new Import(
            dot < 0 ? WASI : step.name().substring(0, dot),
            step.name().substring(dot + 1),
            takes,
            true);
    if (!imports.contains(function)) {
      imports.add(function);
    }
    put(CALL, imports.indexOf(function));
  }

  private void operand(Operand operand) {
    switch (operand) {
      case Operand.Value(long value, boolean wide) -> {
        put(wide ? WIDE_NUMBER : NUMBER);
        code.writeBytes(signed(wide ? value : (int) value));
      }
      case Operand.At(int address) -> {
        number(address);
        put(LOAD, 0, 0);
      }
      case Operand.Turn() -> put(GET, TURN);
      case Operand.Bytes(byte[] bytes) -> text(bytes);
      case Operand.Vector(List<Operand.Value> pairs) -> {
        var laid = ByteBuffer.allocate(pairs.size() * 4).order(ByteOrder.LITTLE_ENDIAN);
        pairs.forEach(value -> laid.putInt((int) value.value()));
        number(lay(laid.array()));
        number(pairs.size() / 2);
      }
    }
  }

  private void text(byte[] bytes) {
    var text = new String(bytes, StandardCharsets.UTF_8);
    int mark = text.indexOf('#');
    byte[] laid = text.replace("#", "0".repeat(DIGITS)).getBytes(StandardCharsets.UTF_8);
    int at = lay(laid);
    if (mark >= 0) {
      turn(at + text.substring(0, mark).getBytes(StandardCharsets.UTF_8).length);
    }
    number(at);
    number(laid.length);
  }

  /** Writes the number of the turn there, in digits. */
  private void turn(int at) {
    int power = 1;
    for (int i = DIGITS - 1; i >= 0; i--) {
      number(at + i);
      put(GET, TURN);
      number(power);
      put(DIVIDE, NUMBER, 10, REMAINDER, NUMBER, '0', ADD, STORE_BYTE, 0, 0);
      power *= 10;
    }
  }

  private int lay(byte[] bytes) {
    int at = FIRST_TEXT + texts.size();
    texts.writeBytes(bytes);
    if (FIRST_TEXT + texts.size() > TEXTS_END) {
      throw new IllegalArgumentException(
          "the texts of a module end at `%d`: they must end below %d"
              .formatted(FIRST_TEXT + texts.size(), TEXTS_END));
    }
    return at;
  }

  private void number(int value) {
    put(NUMBER);
    code.writeBytes(signed(value));
  }

  private void put(int... bytes) {
    code.writeBytes(raw(bytes));
  }

  private byte[] module() {
    var out = new ByteArrayOutputStream();
    out.writeBytes(MAGIC);
    section(out, 1, types());
    section(out, 2, importing());
    section(out, 3, raw(2, 0, 0));
    section(out, 4, raw(1, ANY_FUNCTION, 0, 3));
    section(out, 5, raw(1, 0, PAGES));
    section(out, 7, raw(1), name("_start"), raw(0), unsigned(imports.size()));
    section(out, 9, raw(1, 0, NUMBER, 1, END, 2, 0), unsigned(imports.size() + 1));
    section(out, 10, raw(2), body(join(raw(1, 3, I32), code.toByteArray())), body(AGAIN));
    section(out, 11, raw(1, 0, NUMBER), signed(FIRST_TEXT), raw(END), sized(texts.toByteArray()));
    return out.toByteArray();
  }

  /** Of the functions of the module itself, and then one of each that is imported. */
  private byte[] types() {
    var out = new ByteArrayOutputStream();
    out.writeBytes(unsigned(imports.size() + 1));
    out.writeBytes(raw(FUNCTION, 0, 0));
    for (var function : imports) {
      out.writeBytes(join(raw(FUNCTION), unsigned(function.takes().size())));
      function.takes().forEach(out::write);
      out.writeBytes(function.gives() ? raw(1, I32) : raw(0));
    }
    return out.toByteArray();
  }

  private byte[] importing() {
    var out = new ByteArrayOutputStream();
    out.writeBytes(unsigned(imports.size()));
    for (int i = 0; i < imports.size(); i++) {
      var function = imports.get(i);
      out.writeBytes(join(name(function.module()), name(function.name()), raw(0)));
      out.writeBytes(unsigned(i + 1));
    }
    return out.toByteArray();
  }

  private static byte[] body(byte[] code) {
    return sized(join(code, raw(END)));
  }

  private static void section(ByteArrayOutputStream out, int id, byte[]... parts) {
    out.write(id);
    out.writeBytes(sized(join(parts)));
  }
}

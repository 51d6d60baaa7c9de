package dev.holdfast.workbench.wasm;

import com.dylibso.chicory.compiler.InterpreterFallback;
import com.dylibso.chicory.compiler.MachineFactoryCompiler;
import com.dylibso.chicory.runtime.Instance;
import com.dylibso.chicory.runtime.Machine;
import com.dylibso.chicory.wasm.Parser;
import com.dylibso.chicory.wasm.WasmModule;
import com.dylibso.chicory.wasm.types.ExternalType;
import com.dylibso.chicory.wasm.types.FunctionBody;
import java.io.ByteArrayInputStream;
import java.util.Map;
import java.util.function.Function;

/**
 * A module, compiled to code of the Java machine; instances share it and nothing else.
 *
 * @param initialPages of 64 KiB, with which its memory begins
 */
record Compiled(WasmModule module, Function<Instance, Machine> machine, int initialPages) {
  /** Instructions of WebAssembly 2.0, without its vectors: the last number of one byte. */
  private static final int LAST_PLAIN = 0xc4;

  private static final int FIRST_EXCEPTION = 0x06;
  private static final int LAST_EXCEPTION = 0x0a;
  private static final int FIRST_TAIL_CALL = 0x12;
  private static final int LAST_TAIL_CALL = 0x19;
  private static final int TRY_TABLE = 0x1f;

  /** {@code ref.null}, {@code ref.is_null}, {@code ref.func}. */
  private static final int FIRST_REFERENCE = 0xd0;

  private static final int LAST_REFERENCE = 0xd2;

  /** Conversions that saturate, and bulk operations on memory and tables. */
  private static final int FIRST_BULK = 0xfc00;

  private static final int LAST_BULK = 0xfc11;

  /**
   * Parses, validates and compiles.
   *
   * @throws ModuleRefused when it is not allowed
   */
  static Compiled of(byte[] bytes) {
    int pages = ModuleScan.pages(bytes);
    var module =
        Parser.builder()
            .withCustomParsers(Map.of())
            .build()
            .parse(() -> new ByteArrayInputStream(bytes));
    requireStart(module);
    for (var function : module.codeSection().functionBodies()) {
      requireKnown(function);
    }
    // What is too large to compile would be interpreted, with frames on the heap that no limit
    // holds.
    var machine =
        MachineFactoryCompiler.builder(module)
            .withInterpreterFallback(InterpreterFallback.FAIL)
            .compile();
    return new Compiled(module, machine, pages);
  }

  private static void requireStart(WasmModule module) {
    var exports = module.exportSection();
    for (int i = 0; i < exports.exportCount(); i++) {
      var export = exports.getExport(i);
      if (export.name().equals(Instance.START_FUNCTION_NAME)
          && export.exportType() == ExternalType.FUNCTION
          && takesAndGivesNothing(module, export.index())) {
        return;
      }
    }
    throw new ModuleRefused(
        "it exports no function `_start` without parameters and results: only programs can be run, no libraries");
  }

  private static boolean takesAndGivesNothing(WasmModule module, int function) {
    int own = function - module.importSection().count(ExternalType.FUNCTION);
    if (own < 0) {
      return false;
    }
    var type = module.typeSection().types()[module.functionSection().getFunctionType(own)];
    return type.params().isEmpty() && type.returns().isEmpty();
  }

  private static void requireKnown(FunctionBody function) {
    for (var instruction : function.instructions()) {
      int code = instruction.opcode().opcode();
      if (!known(code)) {
        throw new ModuleRefused(
            "it has the instruction `%s`: only those of WebAssembly 2.0 without vectors are allowed"
                .formatted(instruction.opcode()));
      }
    }
  }

  private static boolean known(int code) {
    return (code <= LAST_PLAIN
            && !(code >= FIRST_EXCEPTION && code <= LAST_EXCEPTION)
            && !(code >= FIRST_TAIL_CALL && code <= LAST_TAIL_CALL)
            && code != TRY_TABLE)
        || (code >= FIRST_REFERENCE && code <= LAST_REFERENCE)
        || (code >= FIRST_BULK && code <= LAST_BULK);
  }
}

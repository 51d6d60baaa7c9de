package dev.holdfast.workbench.wasm;

import com.dylibso.chicory.runtime.HostFunction;
import com.dylibso.chicory.runtime.Memory;
import com.dylibso.chicory.wasm.types.FunctionType;
import com.dylibso.chicory.wasm.types.ValType;
import java.util.List;

/**
 * One function of WASI preview 1.
 *
 * @param parameters a letter for each: {@code i} for 32 bits, {@code l} for 64
 */
record SystemCall(String name, String parameters, Body body) {
  private static final String MODULE = "wasi_snapshot_preview1";

  /** What it does. Throws {@link WasiError} to fail. */
  interface Body {
    void run(Program program, Memory memory, Words words);
  }

  /** The values of the parameters. */
  record Words(long[] values) {
    int i(int index) {
      return (int) values[index];
    }

    long l(int index) {
      return values[index];
    }
  }

  /** The function for one program. */
  HostFunction of(Program program) {
    var takes = parameters.chars().mapToObj(c -> c == 'i' ? ValType.I32 : ValType.I64).toList();
    return new HostFunction(
        MODULE,
        name,
        FunctionType.of(takes, List.of(ValType.I32)),
        (instance, values) -> {
          var memory = instance.memory();
          return new long[] {
            memory == null ? Errno.FAULT.number() : call(program, memory, new Words(values))
          };
        });
  }

  private int call(Program program, Memory memory, Words words) {
    try {
      body.run(program, memory, words);
      return Errno.SUCCESS.number();
    } catch (WasiError error) {
      return error.errno().number();
    }
  }
}

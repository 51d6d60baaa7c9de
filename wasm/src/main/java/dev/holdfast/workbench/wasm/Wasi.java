package dev.holdfast.workbench.wasm;

import com.dylibso.chicory.runtime.HostFunction;
import com.dylibso.chicory.runtime.ImportValues;
import com.dylibso.chicory.wasm.types.FunctionType;
import com.dylibso.chicory.wasm.types.ValType;
import dev.holdfast.workbench.End;
import java.util.List;
import java.util.stream.Stream;

/** All that a module can import: WASI preview 1, without sockets, links and the host's files. */
final class Wasi {
  private static final int MOST_CODE = 255;

  private static final List<SystemCall> CALLS =
      Stream.of(ProcessCalls.ALL, DescriptorCalls.ALL, PathCalls.ALL, refused())
          .flatMap(List::stream)
          .toList();

  private Wasi() {}

  /** The calls that no program is given; they are there, and say so. */
  private static List<SystemCall> refused() {
    SystemCall.Body no =
        (_, _, _) -> {
          throw new WasiError(Errno.NOTSUP);
        };
    return List.of(
        new SystemCall("path_link", "iiiiiii", no),
        new SystemCall("path_symlink", "iiiii", no),
        new SystemCall("proc_raise", "i", no),
        new SystemCall("sock_accept", "iii", no),
        new SystemCall("sock_recv", "iiiiii", no),
        new SystemCall("sock_send", "iiiii", no),
        new SystemCall("sock_shutdown", "ii", no));
  }

  static ImportValues imports(Program program) {
    var exit =
        new HostFunction(
            "wasi_snapshot_preview1",
            "proc_exit",
            FunctionType.of(List.of(ValType.I32), List.of()),
            (_, values) -> {
              throw new Halt(new End.Exited(code((int) values[0])));
            });
    return ImportValues.builder()
        .addFunction(CALLS.stream().map(call -> call.of(program)).toArray(HostFunction[]::new))
        .addFunction(exit)
        .build();
  }

  /** A code that no system can report is a failure: cut to eight bits it might be 0. */
  private static int code(int given) {
    return given < 0 || given > MOST_CODE ? MOST_CODE : given;
  }
}

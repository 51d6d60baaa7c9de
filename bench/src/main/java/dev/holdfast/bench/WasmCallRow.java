package dev.holdfast.bench;

import dev.holdfast.workbench.End;
import dev.holdfast.workbench.FunctionCall;
import dev.holdfast.workbench.FunctionModule;
import dev.holdfast.workbench.wasm.WasmFunctions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A call of a WebAssembly function in this process, beside a fork and exec of the same program. */
final class WasmCallRow implements Row {
  private static final int WARM_UP = 2_000;
  private static final String FLOOR = "fork+exec of the same program";
  private static final List<String> ARGUMENTS = List.of("a text to be hashed", "1000");

  /** Hashes its first argument as often as its second says. */
  private static final String SOURCE =
      """
      #include <stdio.h>
      #include <stdlib.h>
      int main(int argc, char **argv) {
        if (argc < 3) return 64;
        unsigned hash = 2166136261u;
        for (int i = atoi(argv[2]); i > 0; i--)
          for (char *c = argv[1]; *c; c++) hash = (hash ^ (unsigned char)*c) * 16777619u;
        printf("%u\\n", hash);
        return 0;
      }
      """;

  @Override
  public String name() {
    return "wasm-call";
  }

  @Override
  public String about() {
    return "a function in WebAssembly, called in process; peer: fork+exec of it, compiled natively";
  }

  @Override
  public Result measure(Setting setting) throws Exception {
    var directory = setting.temporary("wasm");
    var source = Files.writeString(directory.resolve("hash.c"), SOURCE);
    var shell = Shell.open();
    setting.ends().add("shell", shell::close);
    var module = directory.resolve("hash.wasm");
    var program = directory.resolve("hash");
    compile(shell, List.of("clang-14", "--target=wasm32-wasi"), source, module);
    compile(shell, List.of("cc"), source, program);
    var functions = new WasmFunctions();
    var function = FunctionModule.of("hash.wasm", Files.readAllBytes(module));
    for (int i = 0; i < WARM_UP; i++) {
      call(functions, function);
    }
    var race =
        new Race(Contender.timing(() -> call(functions, function)))
            .against(
                FLOOR,
                Contender.timing(
                    () -> shell.run(program.toString(), ARGUMENTS.get(0), ARGUMENTS.get(1))))
            .run(100, setting.rounds(1_000), Duration.ofSeconds(60));
    return Result.of(
        this,
        Result.Unit.MILLIS,
        race,
        Verdict.atMost(1, race.ratioTo(FLOOR), "p50 ≤ 1 × fork+exec"),
        "each call has an instance, a memory and a thread of its own");
  }

  private static void compile(Shell shell, List<String> compiler, Path source, Path to)
      throws IOException, InterruptedException {
    var command = new ArrayList<>(compiler);
    command.addAll(List.of("-O2", "-o", to.toString(), source.toString()));
    try {
      shell.run(command);
    } catch (BenchException e) {
      throw new BenchException(
          "`%s` does not work here: apt-get install clang-14 lld-14 wasi-libc libclang-rt-14-dev-wasm32 gcc"
              .formatted(compiler.getFirst()),
          e);
    }
  }

  private static void call(WasmFunctions functions, FunctionModule module) {
    var call = FunctionCall.of(ARGUMENTS, new byte[0], FunctionCall.Limits.DEFAULT);
    var result = functions.call(module, call);
    if (!result.end().equals(new End.Exited(0))) {
      throw new BenchException("the measured call ended as `%s`".formatted(result.end()));
    }
  }
}

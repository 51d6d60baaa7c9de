package dev.holdfast.workbench.wasm;

import dev.holdfast.workbench.FunctionModule;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** Compiles the C programs of the tests with the distribution's clang and wasi-libc. */
final class Compiler {
  /** What does as its first argument says. */
  static final FunctionModule PROGRAM = compile(Path.of("src/test/c/program.c"));

  private Compiler() {}

  private static FunctionModule compile(Path source) {
    try {
      var module = Files.createTempFile("holdfast-", ".wasm");
      try {
        var clang =
            new ProcessBuilder(
                    "clang-14", "--target=wasm32-wasi", "-O1", "-Wall", "-Wextra", "-Werror", "-o")
                .redirectErrorStream(true);
        clang.command().add(module.toString());
        clang.command().add(source.toString());
        var process = clang.start();
        var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!process.waitFor(120, TimeUnit.SECONDS) || process.exitValue() != 0) {
          throw new AssertionError("clang does not compile `%s`: %s".formatted(source, said));
        }
        return FunctionModule.of("program.wasm", Files.readAllBytes(module));
      } finally {
        Files.delete(module);
      }
    } catch (IOException e) {
      throw new AssertionError(
          "clang-14 for wasm32-wasi is missing: apt-get install clang-14 lld-14 wasi-libc"
              + " libclang-rt-14-dev-wasm32",
          e);
    } catch (InterruptedException e) {
      throw new AssertionError("interrupted while clang compiles", e);
    }
  }
}

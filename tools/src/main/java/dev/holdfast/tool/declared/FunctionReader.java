package dev.holdfast.tool.declared;

import dev.holdfast.tool.registry.DefinitionReader;
import dev.holdfast.workbench.FunctionCall;
import dev.holdfast.workbench.FunctionModule;
import dev.holdfast.workbench.PureFunctions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;

/** Reads the {@code wasm} section of a declaration, and the module that lies beside it. */
final class FunctionReader {
  private static final List<String> NAMES =
      List.of("file", "sha256", "arguments", "clock", "random", "memory_mib");

  private static final int MOST_MEMORY_MIB = (int) (FunctionCall.Limits.MOST_MEMORY >> 20);

  private final Section wasm;
  private final PureFunctions functions;
  private final PureFunction function;

  private FunctionReader(Section wasm, PureFunctions functions) {
    this.wasm = wasm;
    this.functions = functions;
    this.function = read();
  }

  PureFunction function() {
    return function;
  }

  static FunctionReader of(Section tool, PureFunctions functions) {
    var wasm = Section.of(tool.file(), tool.required("wasm"), NAMES);
    return new FunctionReader(wasm, functions);
  }

  /** What it is given beside the input on stdin. */
  List<Yaml> arguments() {
    return wasm.items("arguments");
  }

  private PureFunction read() {
    int memory =
        wasm.number(
            "memory_mib",
            1,
            MOST_MEMORY_MIB,
            (int) (FunctionCall.Limits.DEFAULT.memoryBytes() >> 20));
    return new PureFunction(
        functions,
        module(),
        wasm.optional("clock").map(this::clock).orElse(FunctionCall.Clock.NONE),
        wasm.optional("random").map(this::chance).orElse(FunctionCall.Chance.NONE),
        (long) memory << 20);
  }

  private FunctionCall.Clock clock(Yaml value) {
    return wasm.read(value, node -> DefinitionReader.named(FunctionCall.Clock.class, node));
  }

  private FunctionCall.Chance chance(Yaml value) {
    return wasm.read(value, node -> DefinitionReader.named(FunctionCall.Chance.class, node));
  }

  private FunctionModule module() {
    var at = wasm.required("file");
    var name = wasm.text("file", at);
    if (!name.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,127}\\.wasm")) {
      throw wasm.wrong(
          at,
          "`%s` is not allowed: a file `….wasm` in the directory of the declaration"
              .formatted(name));
    }
    try {
      var module =
          new FunctionModule(
              name, bytes(Path.of(wasm.file()).resolveSibling(name), at), wasm.text("sha256"));
      functions.check(module);
      return module;
    } catch (IllegalArgumentException e) {
      throw wasm.wrong(at, String.valueOf(e.getMessage()));
    }
  }

  private byte[] bytes(Path file, Yaml at) {
    try {
      if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
          || Files.size(file) > FunctionModule.MOST_BYTES) {
        throw wasm.wrong(
            at, "`%s` must be a regular file of at most 8 MiB".formatted(file.getFileName()));
      }
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw wasm.wrong(at, "`%s` cannot be read".formatted(file.getFileName()));
    }
  }
}

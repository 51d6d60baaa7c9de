package dev.holdfast.workbench.wasm;

import dev.holdfast.workbench.End;
import dev.holdfast.workbench.ExecResult;
import dev.holdfast.workbench.FunctionCall;
import dev.holdfast.workbench.FunctionModule;
import dev.holdfast.workbench.PureFunctions;
import dev.holdfast.workbench.ResourceUse;
import java.io.ByteArrayInputStream;
import java.util.ArrayList;
import java.util.List;

/** Functions, each call in an instance, a memory and files of its own. Thread-safe. */
public final class WasmFunctions implements PureFunctions {
  private static final String WORKSPACE = "/workspace";

  /** Of the copies that a function is given. */
  private static final long MOST_FILE_BYTES = 64L << 20;

  private final Runner runner = new Runner();

  @Override
  public void check(FunctionModule module) {
    try {
      ModuleScan.pages(module.bytes());
    } catch (ModuleRefused refused) {
      throw new IllegalArgumentException(
          "module `%s` is not allowed: %s".formatted(module.name(), refused.getMessage()), refused);
    }
  }

  @Override
  public ExecResult call(FunctionModule module, FunctionCall call) {
    var room = new Sink.Room(call.limits().outputBytes());
    var out = new Sink(room);
    var err = new Sink(room);
    try {
      var program = program(module, call, out, err);
      var running =
          runner.start(
              module, program, call.limits().memoryBytes(), call.limits().wallTime(), () -> {});
      var end = running.await();
      return new ExecResult(end, out.take(), err.take(), running.use());
    } catch (ModuleRefused refused) {
      return notStarted(String.valueOf(refused.getMessage()));
    } catch (WasiError unusable) {
      return notStarted("the files that it is given cannot be laid out: " + unusable.getMessage());
    }
  }

  private static Program program(FunctionModule module, FunctionCall call, Sink out, Sink err) {
    var descriptors = new Descriptors();
    descriptors.add(new Descriptor.In(new ByteArrayInputStream(call.stdin())));
    descriptors.add(new Descriptor.Out(out));
    descriptors.add(new Descriptor.Out(err));
    if (!call.files().isEmpty()) {
      var tree = new FileTree(MOST_FILE_BYTES, false);
      call.files().forEach(tree::place);
      descriptors.add(new Descriptor.OpenDirectory(tree, tree.root(), WORKSPACE));
      descriptors.add(new Descriptor.OpenDirectory(tree, tree.root(), "."));
    }
    var arguments = new ArrayList<>(List.of(module.name()));
    arguments.addAll(call.arguments());
    var senses = new Senses(call.clock(), call.chance(), seed(module));
    return new Program(List.copyOf(arguments), call.env(), descriptors, senses);
  }

  /** The same for every call of a module. */
  private static long seed(FunctionModule module) {
    return Long.parseUnsignedLong(module.sha256(), 0, 16, 16);
  }

  private static ExecResult notStarted(String why) {
    return new ExecResult(new End.NotStarted(why), new byte[0], new byte[0], ResourceUse.NONE);
  }
}

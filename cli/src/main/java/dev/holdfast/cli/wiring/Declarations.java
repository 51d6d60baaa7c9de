package dev.holdfast.cli.wiring;

import dev.holdfast.tool.declared.DeclaredTool;
import dev.holdfast.tool.declared.DeclaredTools;
import dev.holdfast.tool.declared.Origin;
import dev.holdfast.workbench.wasm.WasmFunctions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Declarations one by one, for those who look at files rather than use the tools. */
public final class Declarations {
  private Declarations() {}

  /** The files that a run in {@code checkout} would load. */
  public static List<Path> files(Path home, Checkout checkout) {
    var files = new ArrayList<>(DeclaredTools.files(home.resolve("tools")));
    checkout.part("tools", home).map(DeclaredTools::files).ifPresent(files::addAll);
    return files;
  }

  /** Reads a declaration as strictly as its place asks for. */
  public static DeclaredTool read(Path file, Path home) {
    var directory = file.toAbsolutePath().normalize().getParent();
    boolean repository =
        directory != null
            && Checkout.around(directory).part("tools", home).filter(directory::equals).isPresent();
    return DeclaredTools.read(
        file, repository ? Origin.REPOSITORY : Origin.HOME, new WasmFunctions());
  }
}

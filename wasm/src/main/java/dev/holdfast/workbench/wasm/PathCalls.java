package dev.holdfast.workbench.wasm;

import com.dylibso.chicory.runtime.Memory;
import dev.holdfast.workbench.wasm.Descriptor.OpenDirectory;
import dev.holdfast.workbench.wasm.Descriptor.OpenFile;
import dev.holdfast.workbench.wasm.SystemCall.Words;
import java.util.List;

/** The calls on paths, each below an open directory. */
final class PathCalls {
  static final List<SystemCall> ALL =
      List.of(
          new SystemCall("path_create_directory", "iii", PathCalls::makeDirectory),
          new SystemCall("path_filestat_get", "iiiii", PathCalls::state),
          new SystemCall(
              "path_filestat_set_times", "iiiilli", (p, m, w) -> spot(p, m, w, 0, 2).required()),
          new SystemCall("path_open", "iiiiillii", PathCalls::open),
          new SystemCall("path_readlink", "iiiiii", PathCalls::readLink),
          new SystemCall("path_remove_directory", "iii", PathCalls::removeDirectory),
          new SystemCall("path_rename", "iiiiii", PathCalls::rename),
          new SystemCall("path_unlink_file", "iii", PathCalls::unlink));

  private static final int CREATE = 1;
  private static final int DIRECTORY = 2;
  private static final int EXCLUSIVE = 4;
  private static final int TRUNCATE = 8;
  private static final int APPEND = 1;
  private static final long MAY_READ = 1L << 1;
  private static final long MAY_WRITE = 1L << 6;

  private PathCalls() {}

  /** The place that a descriptor and the path after it name. */
  private static Spot spot(Program program, Memory memory, Words words, int fd, int path) {
    var open = program.descriptors().directory(words.i(fd));
    var name = Program.path(memory, words.i(path), words.i(path + 1));
    return open.tree().find(open.directory(), name);
  }

  private static FileTree tree(Program program, Words words) {
    return program.descriptors().directory(words.i(0)).tree();
  }

  private static void makeDirectory(Program program, Memory memory, Words words) {
    tree(program, words).makeDirectory(spot(program, memory, words, 0, 1));
  }

  private static void state(Program program, Memory memory, Words words) {
    var spot = spot(program, memory, words, 0, 2);
    var node = spot.mustBeDirectory() ? spot.directory() : spot.required();
    Stat.write(memory, words.i(4), tree(program, words), node);
  }

  private static void readLink(Program program, Memory memory, Words words) {
    spot(program, memory, words, 0, 1).required();
    throw new WasiError(Errno.INVAL);
  }

  private static void unlink(Program program, Memory memory, Words words) {
    tree(program, words).removeFile(spot(program, memory, words, 0, 1));
  }

  private static void removeDirectory(Program program, Memory memory, Words words) {
    tree(program, words).removeDirectory(spot(program, memory, words, 0, 1));
  }

  private static void rename(Program program, Memory memory, Words words) {
    var from = spot(program, memory, words, 0, 1);
    var target = program.descriptors().directory(words.i(3));
    var to = target.tree().find(target.directory(), Program.path(memory, words.i(4), words.i(5)));
    tree(program, words).move(from, to);
  }

  private static void open(Program program, Memory memory, Words words) {
    var tree = tree(program, words);
    var spot = spot(program, memory, words, 0, 2);
    int how = words.i(4);
    boolean write = (words.l(5) & MAY_WRITE) != 0;
    boolean read = (words.l(5) & MAY_READ) != 0;
    if (spot.node().isPresent() && (how & CREATE) != 0 && (how & EXCLUSIVE) != 0) {
      throw new WasiError(Errno.EXIST);
    }
    if ((how & DIRECTORY) != 0 || spot.node().orElse(null) instanceof Node.Directory) {
      if ((how & (CREATE | TRUNCATE)) != 0) {
        throw new WasiError(Errno.ISDIR);
      }
      hand(program, memory, words, new OpenDirectory(tree, spot.directory(), ""));
      return;
    }
    boolean make = spot.node().isEmpty() && (how & CREATE) != 0;
    var file = make ? tree.create(spot) : spot.file();
    if ((how & TRUNCATE) != 0 && !make) {
      tree.resize(file, 0);
    }
    boolean append = (words.i(7) & APPEND) != 0;
    hand(program, memory, words, new OpenFile(tree, file, read, write, append));
  }

  private static void hand(Program program, Memory memory, Words words, Descriptor descriptor) {
    memory.writeI32(words.i(8), program.descriptors().add(descriptor));
  }
}

package dev.holdfast.workbench.oci;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.BooleanSupplier;

/** Mounts a directory of the host in the mount namespace of a live container. */
final class Attachment {
  // The same numbers on every architecture but for open, unshare and setns.
  private static final long SYS_OPENAT = Syscall.ARM ? 56 : 257;
  private static final long SYS_UNSHARE = Syscall.ARM ? 97 : 272;
  private static final long SYS_SETNS = Syscall.ARM ? 268 : 308;
  private static final long SYS_OPEN_TREE = 428;
  private static final long SYS_MOVE_MOUNT = 429;
  private static final long SYS_MOUNT_SETATTR = 442;
  private static final long AT_FDCWD = -100;
  private static final long AT_EMPTY_PATH = 0x1000;
  private static final long AT_RECURSIVE = 0x8000;
  private static final long O_CLOEXEC = 0x80000;
  private static final long O_PATH = 0x200000;
  private static final long O_NOFOLLOW = Syscall.ARM ? 0x8000 : 0x20000;
  private static final long O_DIRECTORY = Syscall.ARM ? 0x4000 : 0x10000;
  private static final long OPEN_TREE_CLONE = 1;
  private static final long MOVE_MOUNT_F_EMPTY_PATH = 4;
  private static final long MOVE_MOUNT_T_EMPTY_PATH = 0x40;
  private static final long MOUNT_ATTR_NOSUID_NODEV = 2 | 4;
  private static final long MOUNT_ATTR_BYTES = 32;
  private static final long CLONE_FS = 0x200;
  private static final long CLONE_NEWNS = 0x20000;

  private Attachment() {}

  /**
   * Mounts {@code source}, with nosuid and nodev, over the directory {@code target} of the
   * container whose first process is {@code pid}.
   *
   * @param stillTheOne says, once the namespace is pinned, whether {@code pid} is the container's
   *     first process and not a later one that got its number
   * @throws IOException when it is not, or the kernel refuses
   */
  static void attach(Path source, long pid, String target, BooleanSupplier stillTheOne)
      throws IOException {
    try (var arena = Arena.ofShared()) {
      var calls = new Calls(arena);
      long tree =
          calls.call(
              "open_tree",
              SYS_OPEN_TREE,
              AT_FDCWD,
              calls.text(source.toString()),
              OPEN_TREE_CLONE | O_CLOEXEC | AT_RECURSIVE,
              0,
              0);
      try {
        restrict(calls, tree);
        long namespace = calls.open("/proc/" + pid + "/ns/mnt", O_CLOEXEC);
        try {
          if (!stillTheOne.getAsBoolean()) {
            throw new IOException("the workbench has ended");
          }
          move(calls, tree, namespace, target);
        } finally {
          Syscall.close(namespace);
        }
      } finally {
        Syscall.close(tree);
      }
    }
  }

  private static void restrict(Calls calls, long tree) throws IOException {
    MemorySegment change = calls.arena().allocate(MOUNT_ATTR_BYTES, 8);
    change.set(ValueLayout.JAVA_LONG, 0, MOUNT_ATTR_NOSUID_NODEV);
    calls.call(
        "mount_setattr",
        SYS_MOUNT_SETATTR,
        tree,
        calls.text(""),
        AT_EMPTY_PATH | AT_RECURSIVE,
        change.address(),
        MOUNT_ATTR_BYTES);
  }

  /**
   * A thread can only leave for another mount namespace when it shares its root and working
   * directory with no other, which cannot be undone: so it is one that ends afterwards.
   */
  private static void move(Calls calls, long tree, long namespace, String target)
      throws IOException {
    var task =
        new FutureTask<Void>(
            () -> {
              calls.call("unshare", SYS_UNSHARE, CLONE_FS, 0, 0, 0, 0);
              long home = calls.open("/proc/thread-self/ns/mnt", O_CLOEXEC);
              try {
                calls.call("setns", SYS_SETNS, namespace, CLONE_NEWNS, 0, 0, 0);
                try {
                  moveHere(calls, tree, target);
                } finally {
                  // Back, so that nothing that follows, be it a stack trace, is read over there.
                  calls.call("setns", SYS_SETNS, home, CLONE_NEWNS, 0, 0, 0);
                }
              } finally {
                Syscall.close(home);
              }
              return null;
            });
    Thread.ofPlatform().daemon().name("attach").start(task);
    await(task);
  }

  private static void moveHere(Calls calls, long tree, String target) throws IOException {
    long at = calls.open(target, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    try {
      calls.call(
          "move_mount",
          SYS_MOVE_MOUNT,
          tree,
          calls.text(""),
          at,
          calls.text(""),
          MOVE_MOUNT_F_EMPTY_PATH | MOVE_MOUNT_T_EMPTY_PATH);
    } finally {
      Syscall.close(at);
    }
  }

  /** Not interruptible: it takes microseconds, and the arena must outlive it. */
  private static void await(FutureTask<Void> task) throws IOException {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          task.get();
          return;
        } catch (InterruptedException again) {
          interrupted = true;
        } catch (ExecutionException e) {
          throw new IOException(Objects.requireNonNull(e.getCause()).getMessage(), e);
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** System calls whose arguments live in one arena. */
  private record Calls(Arena arena) {
    long text(String text) {
      return arena.allocateFrom(text).address();
    }

    long open(String path, long flags) throws IOException {
      return call("open `" + path + "`", SYS_OPENAT, AT_FDCWD, text(path), flags, 0, 0);
    }

    long call(String name, long number, long a, long b, long c, long d, long e) throws IOException {
      long result = Syscall.call(number, a, b, c, d, e);
      if (result < 0) {
        throw new IOException("%s: error %d".formatted(name, -result));
      }
      return result;
    }
  }
}

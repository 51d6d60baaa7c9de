package dev.holdfast.workbench.guest;

import dev.holdfast.workbench.ExecSpec;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The EXEC frame of a spec. */
final class ExecFrame {
  private final ExecSpec spec;
  private final byte[] directory;
  private final List<byte[]> argv;
  private final List<byte[]> env;
  private final int size;

  ExecFrame(ExecSpec spec, Map<String, String> baseEnv) {
    this.spec = spec;
    this.directory = Frames.utf8(spec.directory());
    this.argv = spec.argv().stream().map(Frames::utf8).toList();
    this.env = environment(baseEnv, spec.env());
    this.size = Frames.sizeOf(directory) + sizeOf(argv) + sizeOf(env);
  }

  private static List<byte[]> environment(Map<String, String> base, Map<String, String> more) {
    Map<String, String> all = base;
    if (!more.isEmpty()) {
      all = new HashMap<>(base);
      all.putAll(more);
    }
    var strings = new ArrayList<byte[]>(all.size());
    all.forEach((name, value) -> strings.add(Frames.utf8(name + "=" + value)));
    return strings;
  }

  private static int sizeOf(List<byte[]> strings) {
    return strings.stream().mapToInt(Frames::sizeOf).sum();
  }

  /** Why it cannot be sent, for a reader who wrote the spec. */
  Optional<String> refusal() {
    if (size > Limits.MAX_ARGUMENTS
        || argv.size() > Limits.MAX_STRINGS
        || env.size() > Limits.MAX_STRINGS) {
      return Optional.of(
          "arguments and environment take `%d` bytes in `%d` strings: at most %d bytes and %d strings are allowed; pass more through stdin or a file"
              .formatted(size, argv.size() + env.size(), Limits.MAX_ARGUMENTS, Limits.MAX_STRINGS));
    }
    if (hasNul(directory)
        || argv.stream().anyMatch(ExecFrame::hasNul)
        || env.stream().anyMatch(ExecFrame::hasNul)) {
      return Optional.of(
          "an argument, variable or directory contains a NUL byte: it cannot be passed to a program");
    }
    return Optional.empty();
  }

  private static boolean hasNul(byte[] string) {
    for (byte b : string) {
      if (b == 0) {
        return true;
      }
    }
    return false;
  }

  /** How many bytes of stdin the frame itself carries. */
  int inlineStdin() {
    return Math.min(spec.stdin().length, Limits.INLINE_STDIN);
  }

  /** Whether anything follows the frame on stdin. */
  boolean keepsStdin() {
    return spec.keepStdin() || spec.stdin().length > inlineStdin();
  }

  ByteBuffer build(int stream) {
    int flags =
        (keepsStdin() ? Protocol.KEEP_STDIN : 0)
            | (spec.terminal().isPresent() ? Protocol.TERMINAL : 0)
            | (spec.leftovers() == ExecSpec.Leftovers.KEEP ? Protocol.KEEP_LEFTOVERS : 0);
    ByteBuffer frame = Frames.begin(Protocol.EXEC, 0, stream, 13 + size + inlineStdin());
    frame.put((byte) flags);
    frame.putShort(spec.terminal().map(t -> (short) t.rows()).orElse((short) 0));
    frame.putShort(spec.terminal().map(t -> (short) t.columns()).orElse((short) 0));
    Frames.putString(frame, directory);
    frame.putInt(argv.size());
    argv.forEach(string -> Frames.putString(frame, string));
    frame.putInt(env.size());
    env.forEach(string -> Frames.putString(frame, string));
    return Frames.finish(frame.put(spec.stdin(), 0, inlineStdin()));
  }
}

package dev.holdfast.workbench.guest;

import dev.holdfast.workbench.FileEvent;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** What a guest tells of files, believed only where it can be. */
final class WatchFrames {
  private static final int CREATED = 1;
  private static final int CHANGED = 2;
  private static final int REMOVED = 3;
  private static final int RENAMED = 4;
  private static final int OVERFLOW = 5;
  private static final int UNWATCHED = 6;

  private WatchFrames() {}

  /** Reads one event, which is all that there is in a frame. */
  static FileEvent event(ByteBuffer payload) throws ProtocolViolation {
    if (payload.remaining() < 2) {
      throw new ProtocolViolation("an event of `%d` bytes".formatted(payload.remaining()));
    }
    int kind = payload.get();
    int flag = payload.get();
    String path = Frames.takeString(payload);
    String to = Frames.takeString(payload);
    if (flag < 0 || flag > 1 || payload.hasRemaining()) {
      throw new ProtocolViolation("an event of kind `%d` with more in it".formatted(kind));
    }
    boolean directory = flag == 1;
    return switch (kind) {
      case CREATED -> new FileEvent.Created(inside(path), directory);
      case CHANGED -> new FileEvent.Changed(inside(path), directory);
      case REMOVED -> new FileEvent.Removed(inside(path), directory);
      case RENAMED -> new FileEvent.Renamed(inside(path), inside(to), directory);
      case OVERFLOW -> new FileEvent.Overflow();
      case UNWATCHED -> new FileEvent.Unwatched(inside(path));
      default -> throw new ProtocolViolation("an event of kind `%d`".formatted(kind));
    };
  }

  /** Whoever joins it to a directory must stay below that. */
  private static String inside(String path) throws ProtocolViolation {
    if (!isPlain(path)) {
      throw new ProtocolViolation("an event at a path that cannot be");
    }
    return path;
  }

  /** Whether a path leads downwards, part by part. */
  static boolean isPlain(String path) {
    return path.indexOf('\0') < 0
        && Arrays.stream(path.split("/", -1))
            .noneMatch(part -> part.isEmpty() || part.equals(".") || part.equals(".."));
  }
}

package dev.holdfast.workspace.overlay;

import java.io.IOException;
import java.nio.file.Path;

/** Copies files without their holes, so that the cost is the data's and not the length's. */
final class Sparse {
  private Sparse() {}

  static void copy(Path from, Path to) throws IOException {
    try (OpenFile source = OpenFile.open(from, 0);
        OpenFile target = OpenFile.open(to, Kernel.O_WRONLY | Kernel.O_CREAT | Kernel.O_EXCL)) {
      copy(source, target);
    }
  }

  static void copy(OpenFile source, OpenFile target) throws IOException {
    long size = source.stat().size();
    var buffer = new byte[1 << 16];
    long at = source.seekData(0);
    while (at >= 0 && at < size) {
      long end = Math.min(source.seekHole(at), size);
      source.seek(at);
      target.seek(at);
      while (at < end) {
        int n = source.read(buffer, 0, (int) Math.min(buffer.length, end - at));
        if (n < 0) {
          break;
        }
        target.write(buffer, 0, n);
        at += n;
      }
      at = at < end ? -1 : source.seekData(end);
    }
    target.truncate(size);
  }
}

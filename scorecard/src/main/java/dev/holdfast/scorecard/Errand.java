package dev.holdfast.scorecard;

import dev.holdfast.workbench.FileError;
import dev.holdfast.workbench.GuestFiles;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ThreadLocalRandom;

/**
 * What the host does with the files of a workspace, as its tools do, while a program inside
 * exchanges what their path means.
 */
final class Errand {
  private static final String READ = "door/secret";
  private static final String WRITTEN = "door/" + Bait.TAKEN;
  private static final int MOST = 4096;

  private final GuestFiles files;
  private final StringBuilder brought = new StringBuilder();

  Errand(GuestFiles files) {
    this.files = files;
  }

  /** One file read and one written, by paths that may lead elsewhere by now. */
  void run() {
    try {
      keep(new String(files.read(READ, 0, MOST), StandardCharsets.UTF_8));
      files.write(WRITTEN, new byte[] {1}, false);
      files.list("door", 64).forEach(entry -> keep(entry.name()));
    } catch (FileError refused) {
      // Where the path leads at that moment is not the workspace, or nothing is there.
      Thread.onSpinWait();
    }
  }

  private void keep(String text) {
    if (brought.length() < MOST || ThreadLocalRandom.current().nextInt(64) == 0) {
      brought.append(text).append('\n');
    }
  }

  /** Everything that was read. */
  String brought() {
    return brought.toString();
  }
}

package dev.holdfast.workbench.microvm;

import dev.holdfast.workbench.WorkbenchException;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/**
 * The memory of a machine that stands still, in the address space of its monitor, which maps the
 * template's file privately: so the pages that were written to are those that are no longer the
 * file's. They are saved as runs, each a number of the first page, a count, and the pages.
 *
 * @param monitor the monitor's process on the host; it may have been taken over, and then only its
 *     own memory is read and written
 * @param start where the machine's memory begins there
 * @param bytes of the machine
 */
record RamPages(long monitor, long start, long bytes) {
  private static final int PAGE = 4096;
  private static final int ENTRIES = 8192;

  /** As the kernel's pagemap has it: in memory or swapped out, and not a file's. */
  private static final long THERE = 3L << 62;

  private static final long OF_A_FILE = 1L << 61;
  private static final long END = -1;

  /**
   * Finds the memory of a monitor.
   *
   * @param file the template's memory, as the monitor sees it
   */
  static RamPages of(long monitor, String file, long bytes) throws IOException {
    List<String> maps = Files.readAllLines(process(monitor).resolve("maps"));
    List<String[]> ranges =
        maps.stream()
            .filter(line -> line.endsWith(" " + file))
            .map(line -> line.substring(0, line.indexOf(' ')).split("-", 2))
            .toList();
    if (ranges.isEmpty()) {
      throw new WorkbenchException("the monitor has no `%s` in memory".formatted(file));
    }
    long start = Long.parseUnsignedLong(ranges.getFirst()[0], 16);
    long end = Long.parseUnsignedLong(ranges.getLast()[1], 16);
    if (end - start != bytes) {
      throw new WorkbenchException(
          "the monitor has `%d` bytes of `%s` in memory: there are %d"
              .formatted(end - start, file, bytes));
    }
    return new RamPages(monitor, start, bytes);
  }

  private static Path process(long monitor) {
    return Path.of("/proc", Long.toString(monitor));
  }

  /** Saves the pages that were written to. */
  void save(Path to) throws IOException {
    try (FileChannel map = open("pagemap", StandardOpenOption.READ);
        FileChannel memory = open("mem", StandardOpenOption.READ);
        FileChannel out =
            FileChannel.open(to, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      var runs = new Runs(memory, out);
      ByteBuffer entries = ByteBuffer.allocate(8 * ENTRIES).order(ByteOrder.nativeOrder());
      long pages = bytes / PAGE;
      for (long page = 0; page < pages; page += ENTRIES) {
        entries.clear().limit((int) (8 * Math.min(ENTRIES, pages - page)));
        readFully(map, entries, (start / PAGE + page) * 8);
        for (int i = 0; i < entries.limit() / 8; i++) {
          long entry = entries.getLong(8 * i);
          runs.next(page + i, (entry & THERE) != 0 && (entry & OF_A_FILE) == 0);
        }
      }
      runs.end();
    }
  }

  private FileChannel open(String name, StandardOpenOption how) throws IOException {
    return FileChannel.open(process(monitor).resolve(name), how);
  }

  private static void readFully(FileChannel from, ByteBuffer into, long at) throws IOException {
    long next = at;
    while (into.hasRemaining()) {
      int count = from.read(into, next);
      if (count <= 0) {
        throw new IOException("the machine's memory ended early");
      }
      next += count;
    }
    into.flip();
  }

  /** Gathers neighbouring pages, and writes them out together. */
  private final class Runs {
    private static final int MOST = 256;
    private final FileChannel memory;
    private final FileChannel out;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(12 + MOST * PAGE);
    private long first;
    private int count;

    Runs(FileChannel memory, FileChannel out) {
      this.memory = memory;
      this.out = out;
    }

    void next(long page, boolean written) throws IOException {
      if (written && count == 0) {
        first = page;
      }
      count += written ? 1 : 0;
      if (count == MOST || (!written && count > 0)) {
        flush();
      }
    }

    private void flush() throws IOException {
      buffer.clear().putLong(first).putInt(count);
      ByteBuffer pages = buffer.slice(12, count * PAGE);
      readFully(memory, pages, start + first * PAGE);
      buffer.position(0).limit(12 + count * PAGE);
      write(buffer);
      count = 0;
    }

    void end() throws IOException {
      if (count > 0) {
        flush();
      }
      write(buffer.clear().putLong(END).flip());
    }

    private void write(ByteBuffer all) throws IOException {
      while (all.hasRemaining()) {
        out.write(all);
      }
    }
  }

  /** Puts saved pages back, into the memory of a monitor whose machine has not begun. */
  void load(Path from) throws IOException {
    try (var in =
            new DataInputStream(new BufferedInputStream(Files.newInputStream(from), 1 << 20));
        FileChannel memory = open("mem", StandardOpenOption.WRITE)) {
      var run = new byte[Runs.MOST * PAGE];
      for (long first = in.readLong(); first != END; first = in.readLong()) {
        int length = in.readInt() * PAGE;
        if (length <= 0 || length > run.length || first < 0 || first * PAGE + length > bytes) {
          throw new IOException("`%s` is damaged".formatted(from));
        }
        in.readFully(run, 0, length);
        writeFully(memory, ByteBuffer.wrap(run, 0, length), start + first * PAGE);
      }
    }
  }

  private static void writeFully(FileChannel to, ByteBuffer bytes, long at) throws IOException {
    long next = at;
    while (bytes.hasRemaining()) {
      next += to.write(bytes, next);
    }
  }
}

package dev.holdfast.server.workbench;

/**
 * The newest output of a program, up to a limit; what is older is dropped and counted. Whoever
 * writes never waits, so a program is not held up by readers that come and go, and a flood of
 * output costs no more than the limit. Thread-safe.
 *
 * <p>Inside it is a ring of records: a byte for the stream, two for the length, then the bytes.
 * Places are counted from the first byte that was ever written, so that a reader knows what it
 * missed.
 */
public final class OutputRing {
  /** What is kept of one program. */
  public static final int BYTES = 256 << 10;

  private static final int HEADER = 3;
  private static final int LARGEST_RECORD = 16 << 10;

  private final byte[] ring = new byte[BYTES];
  private long first;
  private long end;
  private long dropped;
  private boolean ended;

  /**
   * Where a reader is.
   *
   * @param record the place of the record that comes next
   * @param before how many bytes of output are before it
   */
  public record Position(long record, long before) {
    /** Before everything that was ever written. */
    public static final Position START = new Position(0, 0);
  }

  /**
   * Some output.
   *
   * @param stream 1 for stdout, 2 for stderr
   * @param bytes empty when there is none
   * @param next where to read on
   * @param missed how many bytes before these were dropped, and not read by this reader
   */
  public record Piece(int stream, byte[] bytes, Position next, long missed) {}

  /** Adds output, in place of the oldest where there is no more room. */
  synchronized void add(int stream, byte[] bytes, int length) {
    for (int at = 0; at < length; at += LARGEST_RECORD) {
      addRecord(stream, bytes, at, Math.min(LARGEST_RECORD, length - at));
    }
    notifyAll();
  }

  private void addRecord(int stream, byte[] bytes, int offset, int length) {
    while (end - first + HEADER + length > BYTES) {
      int oldest = lengthAt(first);
      dropped += oldest;
      first += HEADER + oldest;
    }
    put((byte) stream);
    put((byte) (length >> 8));
    put((byte) length);
    for (int i = 0; i < length; i++) {
      put(bytes[offset + i]);
    }
  }

  private void put(byte value) {
    ring[(int) (end++ % BYTES)] = value;
  }

  private int at(long place) {
    return ring[(int) (place % BYTES)] & 0xff;
  }

  private int lengthAt(long record) {
    return at(record + 1) << 8 | at(record + 2);
  }

  /** Nothing more comes. */
  synchronized void end() {
    ended = true;
    notifyAll();
  }

  /**
   * The output after a position, up to 16 KiB of one stream. Empty at the end, and, for a reader
   * that does not wait, when there is none now.
   */
  public synchronized Piece read(Position from, boolean waits) throws InterruptedException {
    while (waits && from.record() >= end && !ended) {
      wait();
    }
    long record = Math.max(from.record(), first);
    long missed = record > from.record() ? dropped - from.before() : 0;
    if (record >= end) {
      return new Piece(0, new byte[0], from, 0);
    }
    var bytes = new byte[lengthAt(record)];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) at(record + HEADER + i);
    }
    var next = new Position(record + HEADER + bytes.length, from.before() + missed + bytes.length);
    return new Piece(at(record), bytes, next, missed);
  }
}

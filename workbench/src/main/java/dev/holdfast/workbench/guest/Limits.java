package dev.holdfast.workbench.guest;

import java.time.Duration;

/**
 * Every limit of the channel, on the host's side. Those marked with a star are the protocol's, and
 * {@code guest/src/protocol.h} has them too.
 */
final class Limits {
  /** The largest payload the host sends.* */
  static final int MAX_PAYLOAD = 256 << 10;

  /** The largest payload the host takes: file chunks are the largest that a guest has to send. */
  static final int MAX_RECEIVED_PAYLOAD = 96 << 10;

  /** The largest payload of a DATA frame.* */
  static final int MAX_DATA = 32 << 10;

  /** What a stream from the guest may send before it is given more.* */
  static final int OUTPUT_WINDOW = 256 << 10;

  /** What the host may send to a program's stdin before it is given more.* */
  static final int INPUT_WINDOW = 64 << 10;

  /** The most credit that the guest may have given; more is a lie. */
  static final int MAX_CREDIT = 16 << 20;

  /** Streams open at once by the host. The guest has room for 1024, its connections included. */
  static final int MAX_STREAMS = 704;

  /** Connections that the guest may have open through its relays. */
  static final int MAX_CONNECTIONS = 256;

  /** stdin that travels with the EXEC frame; the rest follows. */
  static final int INLINE_STDIN = 64 << 10;

  /** Arguments and environment of one program, as bytes on the channel. */
  static final int MAX_ARGUMENTS = MAX_PAYLOAD - INLINE_STDIN - 64;

  /** Strings in an argv, and in an environment.* */
  static final int MAX_STRINGS = 8192;

  /** File bytes in one frame.* */
  static final int FILE_CHUNK = 64 << 10;

  /** Entries of one directory's listing. */
  static final int MAX_ENTRIES = 100_000;

  /** From the connection to the guest's first answer. */
  static final Duration GREETING = Duration.ofSeconds(10);

  /** After so long without a byte while something is expected, the guest is pinged. */
  static final Duration QUIET = Duration.ofSeconds(4);

  /** After so long without a byte while something is expected, the guest is given up. */
  static final Duration SILENCE = Duration.ofSeconds(12);

  /** From the order to be silent to its confirmation: what went before is answered first. */
  static final Duration SUSPENSION = Duration.ofSeconds(10);

  /** From the wish for a connection to its answer; the guest itself gives up after 10 s. */
  static final Duration CONNECTING = Duration.ofSeconds(15);

  /** From the wish to watch files to the end of the first look at all of them. */
  static final Duration FIRST_LOOK = Duration.ofSeconds(60);

  /** A write that the guest does not take for so long ends the channel. */
  static final Duration STALLED_WRITE = Duration.ofSeconds(15);

  /** Between SIGTERM and SIGKILL at the end of the wall time. */
  static final Duration GRACE = Duration.ofSeconds(2);

  /**
   * From SIGKILL to the report of the end; the guest itself gives up on the unkillable after 5 s.
   */
  static final Duration DEATH = Duration.ofSeconds(10);

  private Limits() {}
}

package dev.holdfast.workbench.guest;

/** The numbers of the protocol; {@code guest/PROTOCOL.md} explains them. */
final class Protocol {
  static final int VERSION = 1;
  static final int HEADER = 12;
  static final int GUEST_STREAM = 0x8000_0000;

  static final int HELLO = 0x01;
  static final int PING = 0x02;
  static final int KILL_ALL = 0x03;
  static final int SUSPEND = 0x04;
  static final int CONTINUE = 0x05;
  static final int EXEC = 0x10;
  static final int RESIZE = 0x11;
  static final int SIGNAL = 0x12;
  static final int ABORT = 0x13;
  static final int DATA = 0x20;
  static final int EOF = 0x21;
  static final int CREDIT = 0x22;
  static final int CLOSE = 0x23;
  static final int FILE = 0x30;
  static final int FILE_MORE = 0x31;
  static final int LISTEN = 0x40;
  static final int CONNECT = 0x41;
  static final int WATCH = 0x50;
  static final int WELCOME = 0x81;
  static final int PONG = 0x82;
  static final int SUSPENDED = 0x84;
  static final int EXIT = 0x90;
  static final int REPLY = 0xb0;
  static final int ACCEPTED = 0xc0;

  static final int KEEP_STDIN = 1;
  static final int TERMINAL = 2;
  static final int KEEP_LEFTOVERS = 4;

  static final int STDIN = 0;
  static final int STDOUT = 1;
  static final int STDERR = 2;

  private Protocol() {}
}

/* The numbers of the channel's protocol; PROTOCOL.md explains them, Protocol.java repeats them. */
#ifndef HOLDFAST_PROTOCOL_H
#define HOLDFAST_PROTOCOL_H

#define PROTOCOL_VERSION 1

#define FRAME_HEADER 12u
#define MAX_PAYLOAD (256u * 1024)     /* the largest payload of any frame, both directions */
#define MAX_DATA (32u * 1024)         /* the largest payload of a DATA frame, both directions */
#define OUTPUT_WINDOW (256u * 1024)   /* initial credit of stdout, of stderr, and of a connection each way */
#define INPUT_WINDOW (64u * 1024)     /* initial credit of stdin, beyond what came with EXEC */
#define MAX_CREDIT (16u * 1024 * 1024) /* more than this at once is a protocol error */
#define MAX_STREAMS 1024u             /* live streams of every kind together */
#define MAX_STRINGS 8192u             /* arguments, and likewise variables, of one EXEC */
#define MAX_FILE_CHUNK (64u * 1024)   /* file bytes in one frame */
#define MAX_CONNECTIONS 256u          /* open at once: accepted from inside, and likewise made for the host */
#define GUEST_STREAM 0x80000000u      /* streams that the guest opens have this bit */

enum frame_type {
  /* host to guest */
  F_HELLO = 0x01,
  F_PING = 0x02,
  F_KILL_ALL = 0x03,
  F_SUSPEND = 0x04,
  F_CONTINUE = 0x05,
  F_EXEC = 0x10,
  F_RESIZE = 0x11,
  F_SIGNAL = 0x12,
  F_ABORT = 0x13,
  F_FILE = 0x30,
  F_FILE_MORE = 0x31,
  F_LISTEN = 0x40,
  F_CONNECT = 0x41,
  F_WATCH = 0x50,
  /* guest to host */
  F_WELCOME = 0x81,
  F_PONG = 0x82,
  F_SUSPENDED = 0x84,
  F_EXIT = 0x90,
  F_REPLY = 0xb0,
  F_ACCEPTED = 0xc0,
  /* both ways */
  F_DATA = 0x20,
  F_EOF = 0x21,
  F_CREDIT = 0x22,
  F_CLOSE = 0x23,
};

enum exec_flag {
  EXEC_KEEP_STDIN = 1,     /* more input follows the frame's own */
  EXEC_TERMINAL = 2,       /* run on a PTY */
  EXEC_KEEP_LEFTOVERS = 4, /* what the program leaves behind goes on */
};

/* The `sub` byte of DATA, EOF and CREDIT. */
enum sub_stream { SUB_STDIN = 0, SUB_STDOUT = 1, SUB_STDERR = 2 };

enum exit_kind { EXIT_EXITED = 0, EXIT_SIGNALLED = 1, EXIT_NOT_STARTED = 2 };

/* In the byte of EXIT that says which outputs are complete. */
#define EXIT_OUT_OF_MEMORY 4u

enum file_op {
  FILE_READ = 1,
  FILE_WRITE = 2,
  FILE_STAT = 3,
  FILE_LIST = 4,
  FILE_DELETE = 5,
  FILE_MKDIR = 6,
  FILE_MOVE = 7,
};

/* In the first byte of what a WATCH tells. */
enum notify_kind {
  NOTIFY_CREATED = 1,
  NOTIFY_CHANGED = 2,
  NOTIFY_REMOVED = 3,
  NOTIFY_RENAMED = 4,
  NOTIFY_LOST = 5,      /* there were more than could be told */
  NOTIFY_UNWATCHED = 6, /* a directory below which nothing is seen */
};

#endif

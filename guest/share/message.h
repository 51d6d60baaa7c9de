/* The messages of 9P2000.L, by their numbers. Every number in a message is little-endian. */
#ifndef HOLDFAST_SHARE_MESSAGE_H
#define HOLDFAST_SHARE_MESSAGE_H

/* The reply to a message has the next number. */
enum {
  M_ERROR = 6, /* as a reply only */
  M_STATFS = 8,
  M_LOPEN = 12,
  M_LCREATE = 14,
  M_SYMLINK = 16,
  M_MKNOD = 18,
  M_RENAME = 20,
  M_READLINK = 22,
  M_GETATTR = 24,
  M_SETATTR = 26,
  M_XATTRWALK = 30,
  M_XATTRCREATE = 32,
  M_READDIR = 40,
  M_FSYNC = 50,
  M_LOCK = 52,
  M_GETLOCK = 54,
  M_LINK = 70,
  M_MKDIR = 72,
  M_RENAMEAT = 74,
  M_UNLINKAT = 76,
  M_VERSION = 100,
  M_AUTH = 102,
  M_ATTACH = 104,
  M_FLUSH = 108,
  M_WALK = 110,
  M_READ = 116,
  M_WRITE = 118,
  M_CLUNK = 120,
  M_REMOVE = 122,
};

#define HEADER 7             /* length, number, tag */
#define NO_FID 0xffffffffu   /* in place of a fid for authentication */
#define MAX_WALK 16          /* names in one walk */
#define DATA_HEADER (HEADER + 4) /* before the bytes of a reply to M_READ and M_READDIR */

/*
 * The longest message. Linux takes up to 1 MiB over a stream and keeps two buffers of that length for each request in
 * flight, each in one piece of the machine's memory; longer ones save round trips only for those who read in one go
 * more than this.
 */
#define MAX_MESSAGE (512u << 10)
/* With less a link of the longest path would not fit. */
#define MIN_MESSAGE 8192u

#endif

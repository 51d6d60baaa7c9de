/*
 * Throws messages and saved sessions at the server: conversations that were right before some of their bytes were
 * changed. The same seed does the same: fuzz ROUNDS [SEED]. It runs over a tree of its own, under the sanitizers, with a
 * file beside the tree that must stay as it is.
 */
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../../tests/check.h"
#include "../fail.h"
#include "../fids.h"
#include "../message.h"
#include "../serve.h"
#include "../session.h"
#include "client.h"

#define CANARY "canary"

/* Of the sanitizer, whose headers are not everywhere. */
size_t __sanitizer_get_current_allocated_bytes(void);

static uint64_t state = 1;
static jmp_buf broken;
static unsigned long breaches, errors, successes;

/* In place of the server's own. */
void fail(const char *format, ...) {
  CHECK(strncmp(format, "message ", 8) == 0); /* the client's fault, not the server's own */
  longjmp(broken, 1);
}

static uint32_t pick(uint32_t below) {
  state ^= state << 13;
  state ^= state >> 7;
  state ^= state << 17;
  return (uint32_t)(state >> 32) % below;
}

static void put_any_name(struct reply *out) {
  static const char *const NAMES[] = {"a", "b", "c", "d", "e", "up", "to_a", "..", "canary", "none", "x", "a"};
  put_string(out, NAMES[pick(sizeof NAMES / sizeof *NAMES)]);
}

static void put_fid(struct reply *out) {
  put_u32(out, 1 + pick(pick(3) ? 3 : 8));
}

/* The fields of each message: f a fid, n a name, t a link's target, and what client.h has; W and Q are small numbers. */
static const struct shape {
  uint8_t type;
  const char *fields;
} SHAPES[] = {
    {M_WALK, "ffN"},      {M_WALK, "ffN"},     {M_WALK, "ffN"},       {M_LOPEN, "fo"},      {M_LCREATE, "fnomW"},
    {M_LCREATE, "fnomW"}, {M_SYMLINK, "fntW"}, {M_MKNOD, "fnkWWW"},   {M_RENAME, "ffn"},    {M_READLINK, "f"},
    {M_GETATTR, "fQ"},    {M_SETATTR, "fWmWWQQQQQ"}, {M_READDIR, "fQc"}, {M_FSYNC, "fW"},   {M_LOCK, "fbWQQWn"},
    {M_GETLOCK, "fbQQWn"}, {M_LINK, "ffn"},    {M_MKDIR, "fnmW"},     {M_RENAMEAT, "fnfn"}, {M_UNLINKAT, "fnr"},
    {M_UNLINKAT, "fnr"},  {M_READ, "fQc"},     {M_WRITE, "fQd"},      {M_CLUNK, "f"},       {M_CLUNK, "f"},
    {M_REMOVE, "f"},      {M_STATFS, "f"},     {M_XATTRWALK, "ffn"},  {M_FLUSH, "h"},
};

static void put_names(struct reply *out) {
  uint32_t count = pick(4);
  put_u16(out, (uint16_t)count);
  while (count-- > 0) {
    put_any_name(out);
  }
}

static void put_data(struct reply *out) {
  uint32_t count = pick(100);
  put_u32(out, count);
  while (count-- > 0) {
    put_u8(out, (uint8_t)count);
  }
}

static void put_field(struct reply *out, char kind) {
  static const char *const TARGETS[] = {"..", "/", "a", "../canary"};
  switch (kind) {
    case 'f':
      put_fid(out);
      break;
    case 'n':
      put_any_name(out);
      break;
    case 'N':
      put_names(out);
      break;
    case 't':
      put_string(out, TARGETS[pick(4)]);
      break;
    case 'd':
      put_data(out);
      break;
    case 'o':
      put_u32(out, (uint32_t)(pick(3) | (pick(4) ? 0 : O_TRUNC) | (pick(4) ? 0 : O_APPEND) | (pick(4) ? 0 : O_EXCL)));
      break;
    case 'm':
      put_u32(out, pick(3) ? 0755 : pick(010000));
      break;
    case 'k':
      put_u32(out, pick(16) << 12 | 0644);
      break;
    case 'r':
      put_u32(out, pick(2) ? 0 : AT_REMOVEDIR);
      break;
    case 'c':
      put_u32(out, pick(3) ? 1000 : pick(UINT32_MAX));
      break;
    case 'b':
      put_u8(out, (uint8_t)pick(256));
      break;
    case 'h':
      put_u16(out, (uint16_t)pick(65536));
      break;
    case 'W':
      put_u32(out, pick(512));
      break;
    default:
      put_u64(out, pick(3) ? 0 : pick(3) ? pick(5000) : (uint64_t)pick(UINT32_MAX) << pick(33));
  }
}

static size_t put_message(uint8_t *bytes, size_t size) {
  const struct shape *shape = &SHAPES[pick(sizeof SHAPES / sizeof *SHAPES)];
  struct reply out = {.bytes = bytes, .size = size};
  put_u32(&out, 0);
  put_u8(&out, shape->type);
  put_u16(&out, (uint16_t)pick(10));
  for (const char *kind = shape->fields; *kind; kind++) {
    put_field(&out, *kind);
  }
  put_u32_at(&out, 0, (uint32_t)out.length);
  return out.length;
}

static void spoil(uint8_t *bytes, size_t length) {
  for (uint32_t i = pick(30) ? 0 : 1 + pick(3); i > 0 && length > 0; i--) {
    bytes[pick((uint32_t)length)] = (uint8_t)pick(256);
  }
}

static void converse(void) {
  uint8_t bytes[4096];
  for (uint32_t i = 5 + pick(60); i > 0; i--) {
    size_t length = put_message(bytes, sizeof bytes);
    spoil(bytes + 4, length - 4);
    if (ask_bytes(bytes, length - (pick(500) ? 0 : pick(3)) * (length > 12)) == 0) {
      successes++;
    } else {
      errors++;
    }
  }
}

/* As another server would, in part from what nobody saved. */
static void go_on(void) {
  size_t length;
  char *saved = session_save(&length);
  CHECK(saved);
  spoil((uint8_t *)saved, length);
  fids_clear();
  if (!session_take((uint8_t *)saved, length)) {
    free(saved);
    longjmp(broken, 1);
  }
  free(saved);
}

static void round_of(void) {
  if (setjmp(broken)) {
    breaches++;
    return;
  }
  CHECK(chmod("tree", 0755) == 0);
  client_greet();
  for (uint32_t fid = 2; fid < 9; fid++) {
    ask(M_WALK, "wwh", ROOT, fid, 0);
    walk_to(fid, fid, pick(2) ? "a" : "b");
  }
  converse();
  if (pick(4) == 0) {
    go_on();
    converse();
  }
}

static void check_canary(void) {
  char text[sizeof CANARY];
  struct stat file;
  int fd = open("canary", O_RDONLY);
  CHECK(fd >= 0 && fstat(fd, &file) == 0 && file.st_nlink == 1 && file.st_mode == (S_IFREG | 0644));
  CHECK(read(fd, text, sizeof text) == sizeof CANARY - 1 && memcmp(text, CANARY, sizeof CANARY - 1) == 0);
  close(fd);
}

int main(int argc, char **argv) {
  unsigned long rounds = argc > 1 ? strtoul(argv[1], NULL, 10) : 1000;
  struct rlimit size = {1 << 20, 1 << 20};
  state = argc > 2 ? strtoull(argv[2], NULL, 10) | 1 : 88172645463325252u;
  CHECK(setrlimit(RLIMIT_FSIZE, &size) == 0);
  signal(SIGXFSZ, SIG_IGN);
  client_begin();
  int canary = open("canary", O_WRONLY | O_CREAT, 0644);
  CHECK(canary >= 0 && write(canary, CANARY, sizeof CANARY - 1) == sizeof CANARY - 1 && close(canary) == 0);
  CHECK(mkdir("tree/a", 0755) == 0 && symlink("..", "tree/up") == 0 && symlink("a", "tree/to_a") == 0);
  size_t at_first = __sanitizer_get_current_allocated_bytes();
  for (unsigned long i = 0; i < rounds; i++) {
    round_of();
  }
  fids_clear();
  size_t in_the_end = __sanitizer_get_current_allocated_bytes();
  CHECK(in_the_end < at_first + 4096);
  CHECK(chmod("tree", 0755) == 0);
  check_canary();
  printf("%lu conversations: %lu answers, %lu refusals, %lu breaches\n", rounds, successes, errors, breaches);
  CHECK(successes > rounds && breaches < rounds);
  client_end();
  return 0;
}

/*
 * Throws frames at the guest's handling of the host: random bytes, and conversations that were right before some of
 * their bytes were changed. The same seed does the same. With clang, `LLVMFuzzerTestOneInput` is libFuzzer's way in;
 * otherwise main() below drives it: fuzz ROUNDS [SEED].
 *
 * It runs in a directory of its own, under the sanitizers; programs that it starts are only ever /nonexistent or true.
 */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../src/protocol.h"
#include "../src/tree.h"
#include "../src/wire.h"
#include "check.h"
#include "host.h"

static uint64_t state = 1;

static uint32_t pick(uint32_t below) {
  state ^= state << 13;
  state ^= state >> 7;
  state ^= state << 17;
  return (uint32_t)(state >> 32) % below;
}

static uint8_t *put_string(uint8_t *to, const char *text) {
  size_t length = strlen(text);
  to = put_u32(to, (uint32_t)length);
  memcpy(to, text, length + 1);
  return to + length + 1;
}

static uint8_t *put_exec(uint8_t *to) {
  to = put_u32(put_u8(to, (uint8_t)pick(8)), 24u << 16 | 80);
  to = put_string(to, pick(4) ? "/" : "/nowhere");
  to = put_string(put_u32(to, 1), pick(2) ? "/bin/true" : "/nonexistent");
  to = put_string(put_u32(to, 1), "A=b");
  return put_u32(to, pick(100));
}

/* No moves, so that a changed byte cannot carry anything far; every path starts below the workspace. */
static uint8_t *put_file(uint8_t *to) {
  static const char *paths[] = {"a", "a/b", "a/b/c", "..", "", "a/../a", "//", "l"};
  uint8_t op = (uint8_t)(1 + pick(6));
  to = put_string(put_u8(to, op), paths[pick(8)]);
  if (op == FILE_LIST) {
    to = put_string(to, "");
  }
  return put_u64(put_u32(to, pick(3) ? 0 : pick(1u << 31)), pick(200));
}

static uint8_t *put_payload(uint8_t *to, uint8_t type) {
  switch (type) {
    case F_EXEC:
      return put_exec(to);
    case F_FILE:
      return put_file(to);
    case F_PING:
      return put_u64(to, 1);
    case F_WATCH:
      return put_string(to, pick(3) ? "" : pick(2) ? "a" : "../a");
    case F_LISTEN:
    case F_CONNECT: /* often to a port that this same conversation listens on */
      return put_u16(to, (uint16_t)(20000 + pick(50)));
    case F_DATA:
      return to + pick(2000);
    default:
      return put_u32(to, pick(300)) - pick(5);
  }
}

static size_t put_frame(uint8_t *at) {
  static const uint8_t types[] = {F_PING, F_EXEC, F_EXEC, F_RESIZE, F_SIGNAL, F_ABORT, F_FILE, F_FILE, F_FILE,
                                  F_FILE_MORE, F_LISTEN, F_CONNECT, F_CONNECT, F_WATCH, F_DATA, F_EOF, F_CREDIT, F_CLOSE, F_SUSPEND, F_CONTINUE};
  uint8_t type = types[pick(sizeof types)];
  uint8_t *end = put_payload(at + FRAME_HEADER, type);
  uint32_t length = (uint32_t)(end - at - FRAME_HEADER);
  frame_put_header(at, type, (uint8_t)pick(3), 1 + pick(12), length);
  return FRAME_HEADER + length;
}

/* Harmless as root too: no frame names a pid, and every path stays below the workspace, whatever its bytes are. */
static void spoil(uint8_t *bytes, size_t length) {
  for (uint32_t i = pick(4); i > 0 && length > 0; i--) {
    bytes[pick((uint32_t)length)] = (uint8_t)pick(256);
  }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length) {
  /* An exact copy on the heap, so that the sanitizer sees a read behind its end. */
  uint8_t *copy = malloc(length ? length : 1);
  CHECK(copy);
  memcpy(copy, bytes, length);
  for (size_t at = 0; at < length;) {
    long done = host_say(copy + at, length - at);
    if (done <= 0) {
      break; /* refused, or half a frame: a real guest would exit, or wait */
    }
    at += (size_t)done;
  }
  free(copy);
  return 0;
}

static void greet(void) {
  uint8_t hello[FRAME_HEADER + 4];
  frame_put_header(hello, F_HELLO, 0, 0, 4);
  put_u32(hello + FRAME_HEADER, PROTOCOL_VERSION);
  CHECK(host_say(hello, sizeof hello) == (long)sizeof hello);
}

int main(int argc, char **argv) {
  static uint8_t bytes[64 * 1024];
  unsigned long rounds = argc > 1 ? strtoul(argv[1], NULL, 10) : 1000;
  state = argc > 2 ? strtoull(argv[2], NULL, 10) | 1 : 88172645463325252u;
  char workspace[] = "/tmp/guest-fuzz-XXXXXX";
  CHECK(mkdtemp(workspace));
  host_begin(workspace);
  greet();
  for (unsigned long round = 0; round < rounds; round++) {
    size_t length = 0;
    for (uint32_t frames = 1 + pick(12); frames > 0; frames--) {
      length += put_frame(bytes + length);
    }
    spoil(bytes, length);
    LLVMFuzzerTestOneInput(bytes, length);
  }
  unsigned open = host_settle();
  CHECK(tree_delete(AT_FDCWD, workspace) == 0);
  printf("%lu conversations, %u streams left open\n", rounds, open);
  return 0;
}

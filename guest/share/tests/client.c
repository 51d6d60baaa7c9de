#include "client.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../../tests/check.h"
#include "../message.h"
#include "../serve.h"
#include "../tree.h"

struct cursor answer;

static char directory[] = "/tmp/share-XXXXXX";
static uint8_t asked[MAX_MESSAGE];
static uint8_t told[MAX_MESSAGE];

void client_begin(void) {
  umask(0);
  CHECK(mkdtemp(directory) && chdir(directory) == 0 && mkdir("tree", 0755) == 0);
  CHECK(tree_export("tree", "tree", false) && tree_export("safe", "tree", true));
}

void client_end(void) {
  pid_t child = fork();
  if (child == 0) {
    /* A client may have taken away what it takes to remove them. */
    execl("/bin/sh", "sh", "-c", "chmod -R u+rwx \"$0\" && rm -rf \"$0\"", directory, NULL);
    _exit(1);
  }
  int status;
  CHECK(waitpid(child, &status, 0) == child && status == 0);
}

int ask_bytes(const uint8_t *bytes, size_t length) {
  /* An exact copy on the heap, so that the sanitizer sees a read behind its end. */
  static uint8_t *copy; /* freed later, as a breach does not come back here */
  free(copy);
  copy = malloc(length);
  CHECK(copy);
  memcpy(copy, bytes, length);
  size_t told_length = serve(copy, length, told);
  CHECK(told_length >= HEADER && told_length <= serve_longest());
  answer = (struct cursor){.at = told, .left = told_length};
  CHECK(take_u32(&answer) == told_length);
  uint8_t type = take_u8(&answer);
  take_u16(&answer);
  return type == M_ERROR + 1 ? (int)take_u32(&answer) : 0;
}

static size_t put_message(int type, const char *format, va_list fields) {
  struct reply out = {.bytes = asked, .size = sizeof asked};
  put_u32(&out, 0);
  put_u8(&out, (uint8_t)type);
  put_u16(&out, 7);
  for (; *format; format++) {
    switch (*format) {
      case 'b':
        put_u8(&out, (uint8_t)va_arg(fields, int));
        break;
      case 'h':
        put_u16(&out, (uint16_t)va_arg(fields, int));
        break;
      case 'w':
        put_u32(&out, va_arg(fields, uint32_t));
        break;
      case 'q':
        put_u64(&out, va_arg(fields, uint64_t));
        break;
      default:
        put_string(&out, va_arg(fields, const char *));
    }
  }
  put_u32_at(&out, 0, (uint32_t)out.length);
  return out.length;
}

int ask(int type, const char *format, ...) {
  va_list fields;
  va_start(fields, format);
  size_t length = put_message(type, format, fields);
  va_end(fields);
  return ask_bytes(asked, length);
}

bool breaks(int type, const char *format, ...) {
  va_list fields;
  va_start(fields, format);
  size_t length = put_message(type, format, fields);
  va_end(fields);
  pid_t child = fork();
  if (child == 0) {
    close(STDERR_FILENO);
    ask_bytes(asked, length);
    _exit(0);
  }
  int status;
  CHECK(waitpid(child, &status, 0) == child && WIFEXITED(status));
  return WEXITSTATUS(status) == 70;
}

void client_greet(void) {
  CHECK(ask(M_VERSION, "ws", 1u << 20, "9P2000.L") == 0);
  CHECK(ask(M_ATTACH, "wwssw", ROOT, NO_FID, "", "tree", 0) == 0);
}

int walk_to(uint32_t fid, uint32_t new_fid, const char *name) {
  return ask(M_WALK, "wwhs", fid, new_fid, 1, name);
}

int clunk_fid(uint32_t fid) {
  return ask(M_CLUNK, "w", fid);
}

uint32_t mode_of(uint32_t fid) {
  if (ask(M_GETATTR, "wq", fid, (uint64_t)0x7ff) != 0) {
    return 0;
  }
  take_u64(&answer);
  take_bytes(&answer, 13);
  return take_u32(&answer);
}

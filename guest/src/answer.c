#include "answer.h"

#include <errno.h>
#include <string.h>

#include "out.h"
#include "wire.h"

/* What a caller can understand of an errno; the host has the same numbers. */
enum answer_code {
  DONE = 0,
  NOT_FOUND = 1,
  OUTSIDE = 2,
  IS_DIRECTORY = 3,
  NOT_DIRECTORY = 4,
  NOT_ALLOWED = 5,
  NO_SPACE = 6,
  TOO_LARGE = 7,
  OTHER = 8,
};

static enum answer_code code_of(int error) {
  switch (error) {
    case ENOENT:
      return NOT_FOUND;
    case EXDEV:
      return OUTSIDE;
    case EISDIR:
      return IS_DIRECTORY;
    case ENOTDIR:
      return NOT_DIRECTORY;
    case EACCES:
    case EPERM:
    case EROFS:
      return NOT_ALLOWED;
    case ENOSPC:
    case EDQUOT:
      return NO_SPACE;
    case EFBIG:
      return TOO_LARGE;
    default:
      return OTHER;
  }
}

void answer_done(uint32_t stream) {
  answer_reserve(0);
  answer_commit(stream, 0);
}

void answer_error(uint32_t stream, int error) {
  const char *text = strerror(error);
  size_t length = strlen(text);
  uint8_t *start = out_reserve(4 + 4 + length + 1);
  uint8_t *to = put_u32(start, code_of(error));
  to = put_u32(to, (uint32_t)length);
  memcpy(to, text, length + 1);
  out_commit(F_REPLY, 0, stream, 4 + 4 + length + 1);
}

uint8_t *answer_reserve(size_t length) {
  return put_u32(out_reserve(4 + length), DONE);
}

void answer_commit(uint32_t stream, size_t length) {
  out_commit(F_REPLY, 0, stream, 4 + length);
}

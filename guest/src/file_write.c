#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "answer.h"
#include "fail.h"
#include "file_streams.h"
#include "protocol.h"
#include "resolve.h"
#include "streams.h"

/* A file that is being written: beside its target until all is there, then renamed over it. */
struct writing {
  struct stream stream;
  int parent;
  int fd;
  char name[NAME_SIZE];
  char fresh[48];
};

static int create_fresh(struct writing *writing) {
  for (int i = 0; i < 16; i++) {
    uint64_t random = 0;
    (void)!getrandom(&random, sizeof random, GRND_NONBLOCK); /* O_EXCL decides; this only spreads */
    snprintf(writing->fresh, sizeof writing->fresh, ".holdfast-%016llx.tmp", (unsigned long long)random + (unsigned)i);
    writing->fd = openat(writing->parent, writing->fresh, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (writing->fd >= 0 || errno != EEXIST) {
      break;
    }
  }
  return writing->fd < 0 ? -1 : 0;
}

/* The mode that the file will have: that of the one it replaces, if there is one. */
static int set_mode(struct writing *writing, bool executable) {
  mode_t mode = executable ? 0755 : 0644;
  struct stat old;
  if (fstatat(writing->parent, writing->name, &old, AT_SYMLINK_NOFOLLOW) == 0) {
    if (S_ISDIR(old.st_mode)) {
      errno = EISDIR;
      return -1;
    }
    if (S_ISREG(old.st_mode)) {
      mode = old.st_mode & 0777;
    }
  }
  return fchmod(writing->fd, mode);
}

static int write_all(int fd, const uint8_t *bytes, size_t length) {
  while (length > 0) {
    ssize_t n = write(fd, bytes, length);
    if (n < 0 && errno != EINTR) {
      return -1;
    }
    if (n > 0) {
      bytes += n;
      length -= (size_t)n;
    }
  }
  return 0;
}

/* Ends it one way or the other; what is not in place by now is removed. */
static void give_up(struct writing *writing) {
  if (writing->fd >= 0) {
    unlinkat(writing->parent, writing->fresh, 0);
    close(writing->fd);
  }
  if (writing->parent >= 0) {
    close(writing->parent);
  }
}

static int put_in_place(struct writing *writing) {
  int result = close(writing->fd); /* a full disk may only show here */
  writing->fd = -1;
  if (result == 0) {
    result = renameat(writing->parent, writing->fresh, writing->parent, writing->name);
  }
  if (result != 0) {
    int error = errno;
    unlinkat(writing->parent, writing->fresh, 0);
    errno = error;
  }
  return result;
}

/* Takes the next bytes. True when more are to come; otherwise it is answered and over. */
static bool take(struct writing *writing, bool last, const uint8_t *bytes, size_t length) {
  if (write_all(writing->fd, bytes, length) != 0 || (last && put_in_place(writing) != 0)) {
    answer_error(writing->stream.id, errno);
  } else if (last) {
    answer_done(writing->stream.id);
  } else {
    return true;
  }
  give_up(writing);
  return false;
}

static int on_frame(struct stream *stream, const struct frame *frame) {
  struct writing *writing = OWNER_OF(stream, struct writing, stream);
  if (frame->type == F_CLOSE) {
    give_up(writing);
    streams_remove(stream);
    return 0;
  }
  struct cursor c = cursor_over(frame);
  bool last = cursor_u8(&c) != 0;
  size_t length;
  const uint8_t *bytes = cursor_rest(&c, &length);
  if (c.bad || frame->type != F_FILE_MORE) {
    return -1;
  }
  if (!take(writing, last, bytes, length)) {
    streams_remove(stream);
  }
  return 0;
}

static const struct stream_kind writing_kind = {on_frame};

static int open_writing(struct writing *writing, const char *path, bool executable) {
  writing->parent = resolve_target(path, writing->name);
  return writing->parent < 0 || create_fresh(writing) != 0 || set_mode(writing, executable) != 0 ? -1 : 0;
}

int file_write_start(uint32_t stream, struct cursor *c) {
  const char *path = cursor_string(c);
  bool executable = cursor_u8(c) != 0;
  bool last = cursor_u8(c) != 0;
  size_t length;
  const uint8_t *bytes = cursor_rest(c, &length);
  if (c->bad || streams_full()) {
    return -1;
  }
  struct writing *writing = calloc(1, sizeof *writing);
  if (!writing) {
    fail("out of memory");
  }
  writing->stream = (struct stream){stream, &writing_kind};
  writing->parent = writing->fd = -1;
  if (open_writing(writing, path, executable) != 0) {
    answer_error(stream, errno);
    give_up(writing);
    free(writing);
  } else if (take(writing, last, bytes, length)) {
    streams_add(&writing->stream);
  } else {
    free(writing);
  }
  return 0;
}

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "answer.h"
#include "file_streams.h"
#include "protocol.h"
#include "resolve.h"
#include "streams.h"

/* A file whose content is asked for, chunk by chunk. */
struct reading {
  struct stream stream;
  int fd;
  uint64_t offset;
  uint64_t left;
};

/* Answers with the next chunk. True when there may be more. */
static bool send_chunk(struct reading *reading) {
  size_t most = reading->left < MAX_FILE_CHUNK ? reading->left : MAX_FILE_CHUNK;
  uint8_t *room = answer_reserve(1 + most);
  ssize_t n = pread(reading->fd, room + 1, most, (off_t)reading->offset);
  if (n < 0) {
    answer_error(reading->stream.id, errno);
    return false;
  }
  reading->offset += (uint64_t)n;
  reading->left -= (uint64_t)n;
  bool more = n > 0 && (size_t)n == most && reading->left > 0;
  put_u8(room, more);
  answer_commit(reading->stream.id, 1 + (size_t)n);
  return more;
}

static int on_frame(struct stream *stream, const struct frame *frame) {
  struct reading *reading = OWNER_OF(stream, struct reading, stream);
  if (frame->type != F_FILE_MORE && frame->type != F_CLOSE) {
    return -1;
  }
  if (frame->type == F_CLOSE || !send_chunk(reading)) {
    close(reading->fd);
    streams_remove(stream);
  }
  return 0;
}

static const struct stream_kind reading_kind = {on_frame};

/* Opens a regular file; a FIFO or device is not content, and could block. */
static int open_content(const char *path) {
  int fd = resolve_open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY);
  struct stat stat;
  if (fd < 0 || fstat(fd, &stat) != 0) {
    return -1;
  }
  if (!S_ISREG(stat.st_mode)) {
    close(fd);
    errno = S_ISDIR(stat.st_mode) ? EISDIR : EPERM;
    return -1;
  }
  return fd;
}

int file_read_start(uint32_t stream, struct cursor *c) {
  const char *path = cursor_string(c);
  struct reading reading = {{stream, &reading_kind}, -1, cursor_u64(c), cursor_u32(c)};
  if (c->bad || c->left > 0 || reading.offset > INT64_MAX / 2) {
    return -1;
  }
  reading.fd = open_content(path);
  if (reading.fd < 0) {
    answer_error(stream, errno);
    return 0;
  }
  struct reading *kept = send_chunk(&reading) ? malloc(sizeof *kept) : NULL;
  if (!kept) {
    close(reading.fd);
    return 0;
  }
  *kept = reading;
  if (!streams_add(&kept->stream)) {
    close(reading.fd);
    free(kept);
    return -1; /* the host counts its streams too */
  }
  return 0;
}

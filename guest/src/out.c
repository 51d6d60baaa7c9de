#include "out.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "fail.h"
#include "wire.h"

/*
 * Program output stops at OUT_SOFT; requests are no longer read at OUT_HARD. What one request answers with is
 * bounded by MAX_PAYLOAD, and what ends by itself (EXIT and EOF of every stream) by MAX_STREAMS small frames, so the
 * buffer cannot overflow. Only the pages in use count: the buffer is written from its start whenever it runs empty.
 */
#define OUT_SOFT (512u * 1024)
#define OUT_HARD (1024u * 1024)
#define OUT_SIZE (OUT_HARD + 4u * MAX_PAYLOAD)

static uint8_t buffer[OUT_SIZE];
static size_t first, last;
static int channel = -1;
static bool is_socket = true;
static uint32_t oldest_heard; /* frames of the host's streams below it are dropped */

void out_open(int fd) {
  channel = fd;
  first = last = 0;
  is_socket = true;
}

void out_forget(uint32_t oldest) {
  first = last = 0;
  oldest_heard = oldest;
}

bool out_is_heard(uint32_t stream) {
  return stream == 0 || stream >= oldest_heard; /* the guest's own streams are above all of the host's */
}

uint8_t *out_reserve(size_t length) {
  if (OUT_SIZE - last < FRAME_HEADER + length) {
    memmove(buffer, buffer + first, last - first);
    last -= first;
    first = 0;
  }
  if (OUT_SIZE - last < FRAME_HEADER + length) {
    fail("the output buffer is full");
  }
  return buffer + last + FRAME_HEADER;
}

void out_commit(uint8_t type, uint8_t sub, uint32_t stream, size_t length) {
  if (!out_is_heard(stream)) {
    return;
  }
  frame_put_header(buffer + last, type, sub, stream, (uint32_t)length);
  last += FRAME_HEADER + length;
}

void out_frame(uint8_t type, uint8_t sub, uint32_t stream, const void *payload, size_t length) {
  uint8_t *to = out_reserve(length);
  if (length > 0) {
    memcpy(to, payload, length);
  }
  out_commit(type, sub, stream, length);
}

bool out_has_room(void) {
  return last - first < OUT_SOFT;
}

bool out_is_congested(void) {
  return last - first >= OUT_HARD;
}

bool out_is_empty(void) {
  return first == last;
}

/* A pipe or a serial port is no socket: it gets write(), and SIGPIPE is ignored. */
static ssize_t send_some(const uint8_t *bytes, size_t length) {
  if (is_socket) {
    ssize_t sent = send(channel, bytes, length, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent >= 0 || errno != ENOTSOCK) {
      return sent;
    }
    is_socket = false;
  }
  return write(channel, bytes, length);
}

int out_flush(void) {
  while (first < last) {
    ssize_t sent = send_some(buffer + first, last - first);
    if (sent < 0) {
      if (errno == EINTR) {
        continue;
      }
      return errno == EAGAIN ? 0 : -1;
    }
    first += (size_t)sent;
  }
  first = last = 0;
  return 0;
}

#include "channel.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "connect.h"
#include "exec.h"
#include "fail.h"
#include "files.h"
#include "notify.h"
#include "out.h"
#include "protocol.h"
#include "reap.h"
#include "relay.h"
#include "streams.h"
#include "wire.h"

static uint8_t buffer[FRAME_HEADER + MAX_PAYLOAD + 64 * 1024];
static size_t filled;
static bool backlog;
static bool greeted;
static bool suspended;

static void welcome(void) {
  uint8_t answer[8];
  put_u32(put_u32(answer, PROTOCOL_VERSION), (uint32_t)getpid());
  out_frame(F_WELCOME, 0, 0, answer, sizeof answer);
}

static int hello(const struct frame *frame) {
  struct cursor c = cursor_over(frame);
  if (cursor_u32(&c) != PROTOCOL_VERSION || c.bad || greeted) {
    return -1;
  }
  greeted = true;
  welcome();
  return 0;
}

/* Nothing is said after the answer until the next frame comes: the channel is at rest, and can be cut here. */
static int suspend(const struct frame *frame) {
  if (frame->length > 0) {
    return -1;
  }
  out_frame(F_SUSPENDED, 0, 0, NULL, 0);
  suspended = true;
  return 0;
}

/* What runs for the former host runs on; what only the host could go on with is given up. */
static void forget_streams(void) {
  struct frame close = {.type = F_CLOSE};
  for (unsigned i = streams_count(); i-- > 0;) {
    struct stream *stream = i < streams_count() ? streams_at(i) : NULL;
    struct exec *exec = stream ? exec_from(stream) : NULL;
    if (exec) {
      exec_forget_host(exec);
    } else if (stream) {
      stream->kind->on_frame(stream, &close);
    }
  }
}

/* A saved state goes on, with another host than the one that saved it; its streams have higher numbers. */
static int continue_with(const struct frame *frame, bool was_suspended) {
  struct cursor c = cursor_over(frame);
  uint32_t first = cursor_u32(&c);
  if (c.bad || c.left > 0 || !was_suspended || (first & GUEST_STREAM)) {
    return -1;
  }
  forget_streams();
  out_forget(first);
  welcome();
  return 0;
}

static int ping(const struct frame *frame) {
  if (frame->length != 8) {
    return -1;
  }
  out_frame(F_PONG, 0, 0, frame->payload, 8);
  return 0;
}

/* A frame for a stream that has just ended crosses its end on the way: it is no error. */
static int to_stream(const struct frame *frame) {
  struct stream *stream = streams_find(frame->stream);
  return stream ? stream->kind->on_frame(stream, frame) : 0;
}

static int handle(const struct frame *frame) {
  if (!greeted && frame->type != F_HELLO) {
    return -1;
  }
  bool was_suspended = suspended;
  suspended = false;
  switch (frame->type) {
    case F_HELLO:
      return hello(frame);
    case F_SUSPEND:
      return suspend(frame);
    case F_CONTINUE:
      return continue_with(frame, was_suspended);
    case F_PING:
      return ping(frame);
    case F_KILL_ALL:
      return reap_kill_all(frame->stream);
    case F_EXEC:
      return exec_start(frame);
    case F_FILE:
      return files_request(frame);
    case F_LISTEN:
      return relay_listen(frame);
    case F_WATCH:
      return notify_start(frame);
    case F_CONNECT:
      return connect_start(frame);
    case F_RESIZE:
    case F_SIGNAL:
    case F_ABORT:
    case F_FILE_MORE:
    case F_DATA:
    case F_EOF:
    case F_CREDIT:
    case F_CLOSE:
      return to_stream(frame);
    default:
      return -1;
  }
}

long channel_handle(const uint8_t *bytes, size_t length) {
  size_t done = 0;
  backlog = false;
  for (;;) {
    struct frame frame;
    long size = frame_parse(bytes + done, length - done, &frame);
    if (size < 0) {
      return -1;
    }
    if (size == 0) {
      return (long)done;
    }
    if (out_is_congested()) {
      backlog = true;
      return (long)done;
    }
    if (handle(&frame) != 0) {
      return -1;
    }
    done += (size_t)size;
    streams_free_removed(); /* no event of theirs is at hand here */
  }
}

bool channel_is_suspended(void) {
  return suspended;
}

bool channel_has_backlog(void) {
  return backlog;
}

bool channel_read(int fd) {
  if (!backlog) {
    ssize_t n = read(fd, buffer + filled, sizeof buffer - filled);
    if (n < 0 && (errno == EAGAIN || errno == EINTR)) {
      return true;
    }
    if (n <= 0) {
      return false;
    }
    filled += (size_t)n;
  }
  long done = channel_handle(buffer, filled);
  if (done < 0) {
    errno = 0;
    fail("the host sent a frame that is not allowed");
  }
  filled -= (size_t)done;
  memmove(buffer, buffer + done, filled);
  return true;
}

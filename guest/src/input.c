#include "input.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "fail.h"
#include "out.h"

static void give_back(struct input *input, size_t written) {
  size_t free_part = written < input->free_ride ? written : input->free_ride;
  input->free_ride -= free_part;
  input->taken += (uint32_t)(written - free_part);
  if (input->taken == 0 || (input->taken < INPUT_WINDOW / 2 && input->first < input->last)) {
    return;
  }
  uint8_t payload[4];
  put_u32(payload, input->taken);
  out_frame(F_CREDIT, input->sub, input->stream, payload, sizeof payload);
  input->window += input->taken;
  input->taken = 0;
}

static void release_buffer(struct input *input) {
  free(input->bytes);
  input->bytes = NULL;
  input->first = input->last = 0;
}

/* The reader is gone. The host is told, and gets its credit back so that no writer there waits for ever. */
static void break_off(struct input *input) {
  size_t dropped = input->last - input->first;
  input->broken = true;
  watch_close(&input->watch);
  release_buffer(input);
  out_frame(F_EOF, input->sub, input->stream, NULL, 0);
  give_back(input, dropped);
  if (input->closed) {
    input->closed(input);
  }
}

static void finish(struct input *input) {
  if (input->is_terminal) {
    static const char end_of_transmission = 4;
    if (write(input->watch.fd, &end_of_transmission, 1) < 0 && errno == EAGAIN) {
      watch_for(&input->watch, EPOLLOUT);
      return;
    }
  } else if (input->is_socket) {
    shutdown(input->watch.fd, SHUT_WR);
  }
  watch_close(&input->watch);
  if (input->closed) {
    input->closed(input);
  }
}

static void write_out(struct input *input) {
  while (input->first < input->last) {
    ssize_t n = write(input->watch.fd, input->bytes + input->first, input->last - input->first);
    if (n < 0 && errno == EINTR) {
      continue;
    }
    if (n < 0 && errno == EAGAIN) {
      watch_for(&input->watch, EPOLLOUT);
      return;
    }
    if (n < 0) {
      break_off(input);
      return;
    }
    input->first += (size_t)n;
    give_back(input, (size_t)n);
  }
  release_buffer(input);
  watch_for(&input->watch, 0);
  if (input->ended) {
    finish(input);
  }
}

static void on_writable(struct watch *watch) {
  write_out(OWNER_OF(watch, struct input, watch));
}

void input_open(struct input *input, int fd, uint32_t stream, uint8_t sub, uint32_t window) {
  *input = (struct input){.watch = {.fd = fd, .ready = on_writable}, .stream = stream, .sub = sub, .window = window};
  input->broken = fd < 0;
}

/* What is buffered never exceeds the window plus what came with the opening frame. */
static void append(struct input *input, const uint8_t *bytes, size_t length) {
  size_t waiting = input->last - input->first;
  uint8_t *grown = malloc(waiting + length);
  if (!grown) {
    fail("out of memory");
  }
  if (waiting > 0) {
    memcpy(grown, input->bytes + input->first, waiting);
  }
  memcpy(grown + waiting, bytes, length);
  free(input->bytes);
  input->bytes = grown;
  input->first = 0;
  input->last = waiting + length;
}

void input_preload(struct input *input, const uint8_t *bytes, size_t length) {
  if (length > 0 && !input->broken) {
    input->free_ride = length;
    append(input, bytes, length);
    write_out(input);
  }
}

int input_data(struct input *input, const uint8_t *bytes, size_t length) {
  if (length > input->window || length > MAX_DATA || input->ended) {
    return -1;
  }
  input->window -= (uint32_t)length;
  if (input->broken) {
    give_back(input, length);
  } else if (length > 0) {
    append(input, bytes, length);
    write_out(input);
  }
  return 0;
}

void input_end(struct input *input) {
  if (input->ended) {
    return;
  }
  input->ended = true;
  if (!input->broken && input->first == input->last) {
    finish(input);
  }
}

void input_close(struct input *input) {
  input->broken = true;
  watch_close(&input->watch);
  release_buffer(input);
}

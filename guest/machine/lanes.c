#include "lanes.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "host.h"

#define HEADER 4
/* As much as a page or a reply to a look at a file takes, and many of those. */
#define CARRIED (64 << 10)

/* One direction: bytes that are read and not yet written, and how many messages have begun in it. */
struct way {
  int from, to;
  size_t at, have;
  uint32_t left; /* of the message that is passing */
  size_t header; /* bytes of the next message's length that have passed */
  uint32_t length;
  uint64_t messages;
  uint8_t bytes[CARRIED];
};

static struct way up[LANES], down[LANES];
static int clients[LANES];
static bool are_shut;

static bool are_open;

static void lane_open(enum lane lane, const char *path) {
  int ends[2];
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0 || fcntl(ends[0], F_SETFL, O_NONBLOCK) != 0) {
    give_up("lane `%s`", path);
  }
  int port = host_port(path, O_NONBLOCK);
  clients[lane] = ends[1];
  up[lane] = (struct way){.from = ends[0], .to = port};
  down[lane] = (struct way){.from = port, .to = ends[0]};
}

bool lanes_open(void) {
  const char *files = getenv("files"); /* from the kernel's arguments */
  if (files && strcmp(files, "ports") == 0) {
    lane_open(LANE_SYSTEM, "/dev/vport0p2");
    lane_open(LANE_SHARES, "/dev/vport0p3");
    are_open = true;
  }
  return are_open;
}

int lanes_client(const char *name) {
  return are_open ? clients[strcmp(name, "system") == 0 ? LANE_SYSTEM : LANE_SHARES] : -1;
}

/* Between two messages only, so that none is cut in two. */
static bool holds_back(const struct way *way, bool is_up) {
  return is_up && are_shut && way->left == 0 && way->header == 0;
}

static void want(struct pollfd *at, int fd, bool to_read, bool to_write) {
  *at = (struct pollfd){.fd = to_read || to_write ? fd : -1,
                        .events = (short)((to_read ? POLLIN : 0) | (to_write ? POLLOUT : 0))};
}

void lanes_want(struct pollfd *wait_for) {
  for (int i = 0; i < LANES; i++) {
    bool asks = up[i].have == 0 && !holds_back(&up[i], true);
    want(&wait_for[2 * i], up[i].from, asks, down[i].have > 0);
    /* Before anything is asked nothing comes, and the host may not have come to the port yet. */
    want(&wait_for[2 * i + 1], up[i].to, down[i].have == 0 && up[i].messages > 0, up[i].have > 0);
  }
}

/* Counts the messages in bytes that pass: each begins with its length, little-endian. */
static void count(struct way *way, const uint8_t *bytes, size_t length) {
  while (length > 0) {
    if (way->left > 0) {
      size_t passing = length < way->left ? length : way->left;
      way->left -= (uint32_t)passing;
      bytes += passing;
      length -= passing;
      continue;
    }
    way->length |= (uint32_t)*bytes << (8 * way->header);
    bytes++;
    length--;
    if (++way->header == HEADER) {
      way->messages++;
      way->left = way->length > HEADER ? way->length - HEADER : 0;
      way->header = way->length = 0;
    }
  }
}

static void take(struct way *way) {
  ssize_t n = read(way->from, way->bytes, sizeof way->bytes);
  if (n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR)) {
    errno = 0;
    give_up("the host has left the machine's files");
  }
  way->at = 0;
  way->have = n > 0 ? (size_t)n : 0;
  count(way, way->bytes, way->have);
}

static void give(struct way *way) {
  ssize_t n = write(way->to, way->bytes + way->at, way->have);
  if (n < 0 && errno != EAGAIN && errno != EINTR) {
    give_up("carry a file's bytes");
  }
  if (n > 0) {
    way->at += (size_t)n;
    way->have -= (size_t)n;
  }
}

static void carry(struct way *way, bool readable, bool writable) {
  if (readable && way->have == 0) {
    take(way);
    writable = true;
  }
  if (writable && way->have > 0) {
    give(way);
  }
}

void lanes_carry(const struct pollfd *wait_for) {
  for (int i = 0; i < LANES; i++) {
    short client = wait_for[2 * i].revents, port = wait_for[2 * i + 1].revents;
    carry(&up[i], (client & POLLIN) != 0, (port & POLLOUT) != 0);
    carry(&down[i], (port & (POLLIN | POLLHUP)) != 0, (client & POLLOUT) != 0);
  }
}

void lanes_shut(bool shut) {
  are_shut = shut;
}

bool lanes_are_empty(void) {
  for (int i = 0; i < LANES; i++) {
    bool amid = up[i].have > 0 || up[i].left > 0 || up[i].header > 0;
    if (amid || down[i].have > 0 || up[i].messages != down[i].messages) {
      return false;
    }
  }
  return true;
}

#include "relay.h"

#include <arpa/inet.h>
#include <errno.h>
#include <net/if.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "answer.h"
#include "connection.h"
#include "out.h"
#include "protocol.h"
#include "streams.h"

/* A port that is listened on. */
struct listener {
  struct stream stream;
  struct watch watch;
};

static unsigned connections;
static uint32_t last_id;

static uint32_t free_id(void) {
  do {
    last_id++;
  } while (streams_find(GUEST_STREAM | last_id));
  return GUEST_STREAM | (last_id & ~GUEST_STREAM);
}

static void carry(int fd, uint32_t listener) {
  struct connection *connection = calloc(1, sizeof *connection);
  if (!connection) {
    close(fd);
    return;
  }
  connection->stream.id = free_id();
  connection->count = &connections;
  uint32_t id = connection->stream.id;
  if (!connection_open(connection, fd)) {
    free(connection);
    return;
  }
  uint8_t announcement[4];
  put_u32(announcement, listener);
  out_frame(F_ACCEPTED, 0, id, announcement, sizeof announcement);
  streams_add(&connection->stream);
  connections++;
}

static void on_connect(struct watch *watch) {
  struct listener *listener = OWNER_OF(watch, struct listener, watch);
  int fd = accept4(watch->fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
  if (fd < 0) {
    return;
  }
  if (connections >= MAX_CONNECTIONS || streams_full()) {
    close(fd);
    return;
  }
  carry(fd, listener->stream.id);
}

static int on_listener_frame(struct stream *stream, const struct frame *frame) {
  struct listener *listener = OWNER_OF(stream, struct listener, stream);
  if (frame->type != F_CLOSE) {
    return -1;
  }
  watch_close(&listener->watch);
  answer_done(stream->id);
  streams_remove(stream);
  return 0;
}

static const struct stream_kind listener_kind = {on_listener_frame};

/* Where it is down the guest may not bring it up, and listening would only look as if it worked. */
static bool loopback_is_up(int fd) {
  struct ifreq request = {.ifr_name = "lo"};
  return ioctl(fd, SIOCGIFFLAGS, &request) == 0 && (request.ifr_flags & IFF_UP);
}

static int listen_on(uint16_t port) {
  struct sockaddr_in address = {
      .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  int again = 1;
  if (fd < 0) {
    return -1;
  }
  setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &again, sizeof again);
  bool up = loopback_is_up(fd);
  errno = ENETDOWN;
  if (!up || bind(fd, (struct sockaddr *)&address, sizeof address) != 0 || listen(fd, SOMAXCONN) != 0) {
    int error = errno;
    close(fd);
    errno = error;
    return -1;
  }
  return fd;
}

int relay_listen(const struct frame *frame) {
  struct cursor c = cursor_over(frame);
  uint16_t port = cursor_u16(&c);
  if (c.bad || c.left > 0 || port == 0 || frame->stream == 0 || (frame->stream & GUEST_STREAM) ||
      streams_find(frame->stream) || streams_full()) {
    return -1;
  }
  int fd = listen_on(port);
  struct listener *listener = fd < 0 ? NULL : calloc(1, sizeof *listener);
  if (!listener) {
    answer_error(frame->stream, errno);
    return 0;
  }
  listener->stream = (struct stream){frame->stream, &listener_kind};
  listener->watch = (struct watch){.fd = fd, .ready = on_connect};
  streams_add(&listener->stream);
  watch_for(&listener->watch, EPOLLIN);
  answer_done(frame->stream);
  return 0;
}

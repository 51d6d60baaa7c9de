#include "connect.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "answer.h"
#include "connection.h"
#include "out.h"
#include "protocol.h"
#include "streams.h"

#define PATIENCE_MS 10000 /* for a program that listens and takes nobody in */

static unsigned connections;

union address {
  struct sockaddr any;
  struct sockaddr_in v4;
  struct sockaddr_in6 v6;
};

/* Under way, or there, when it returns a descriptor; else -1 with errno. */
static int begin(int family, uint16_t port) {
  union address to = {.v4 = {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)}};
  if (family == AF_INET6) {
    to = (union address){.v6 = {.sin6_family = AF_INET6, .sin6_port = htons(port), .sin6_addr = IN6ADDR_LOOPBACK_INIT}};
  }
  int fd = socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd < 0) {
    return -1;
  }
  unsigned patience = PATIENCE_MS;
  setsockopt(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, &patience, sizeof patience);
  if (connect(fd, &to.any, family == AF_INET6 ? sizeof to.v6 : sizeof to.v4) != 0 && errno != EINPROGRESS) {
    int error = errno;
    close(fd);
    errno = error;
    return -1;
  }
  return fd;
}

static void give_up(struct connection *connection, int error) {
  watch_close(&connection->connecting);
  answer_error(connection->stream.id, error);
  connections--;
  streams_remove(&connection->stream);
}

static int error_of(int fd) {
  int error = 0;
  socklen_t size = sizeof error;
  return getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size) == 0 ? error : errno;
}

static void wait_for(struct connection *connection, int fd);

static void established(struct connection *connection, int fd) {
  unsigned none = 0; /* from here on it may be as silent as it likes */
  setsockopt(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, &none, sizeof none);
  uint32_t id = connection->stream.id;
  if (!connection_open(connection, fd)) {
    give_up(connection, EMFILE);
    return;
  }
  answer_done(id);
}

/* Who listens on `localhost` may mean the one address or the other. */
static void refused(struct connection *connection, int error) {
  int fd = connection->port != 0 ? begin(AF_INET6, connection->port) : -1;
  connection->port = 0; /* both are tried then */
  if (fd < 0) {
    give_up(connection, error);
  } else {
    wait_for(connection, fd);
  }
}

static void on_outcome(struct watch *watch) {
  struct connection *connection = OWNER_OF(watch, struct connection, connecting);
  int fd = watch->fd;
  int error = error_of(fd);
  watch_for(watch, 0);
  watch->fd = -1;
  if (error == 0) {
    established(connection, fd);
  } else {
    close(fd);
    refused(connection, error);
  }
}

static void wait_for(struct connection *connection, int fd) {
  connection->connecting = (struct watch){.fd = fd, .ready = on_outcome};
  watch_for(&connection->connecting, EPOLLOUT);
}

/* Until the answer the host can only take its wish back. */
static int on_frame(struct stream *stream, const struct frame *frame) {
  struct connection *connection = OWNER_OF(stream, struct connection, stream);
  if (frame->type != F_CLOSE) {
    return -1;
  }
  give_up(connection, ECANCELED);
  return 0;
}

static const struct stream_kind connecting_kind = {on_frame};

int connect_start(const struct frame *frame) {
  struct cursor c = cursor_over(frame);
  uint16_t port = cursor_u16(&c);
  if (c.bad || c.left > 0 || port == 0 || frame->stream == 0 || (frame->stream & GUEST_STREAM) ||
      streams_find(frame->stream) || streams_full()) {
    return -1;
  }
  struct connection *connection = connections < MAX_CONNECTIONS ? calloc(1, sizeof *connection) : NULL;
  if (!connection) {
    answer_error(frame->stream, EMFILE);
    return 0;
  }
  connection->stream = (struct stream){frame->stream, &connecting_kind};
  connection->port = port;
  connection->count = &connections;
  connection->connecting.fd = -1;
  streams_add(&connection->stream);
  connections++;
  int fd = begin(AF_INET, port);
  if (fd < 0) {
    refused(connection, errno);
  } else {
    wait_for(connection, fd);
  }
  return 0;
}

#include "relay.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "answer.h"
#include "fail.h"
#include "input.h"
#include "out.h"
#include "output.h"
#include "protocol.h"
#include "streams.h"

#define MAX_CONNECTIONS 256

/* A port that is listened on. */
struct listener {
  struct stream stream;
  struct watch watch;
};

/* A connection made to it. The client's bytes are its output, the host's are its input. */
struct connection {
  struct stream stream;
  struct output from_client;
  struct input to_client;
  bool client_done;
};

static unsigned connections;
static uint32_t last_id;

static void end_connection(struct connection *connection) {
  if (streams_find(connection->stream.id) != &connection->stream) {
    return; /* it has ended already, within this same event */
  }
  output_close(&connection->from_client);
  input_close(&connection->to_client);
  out_frame(F_CLOSE, 0, connection->stream.id, NULL, 0);
  connections--;
  streams_remove(&connection->stream);
}

static void end_if_done(struct connection *connection) {
  if (connection->from_client.ended && connection->client_done) {
    end_connection(connection);
  }
}

static void on_client_end(struct output *output) {
  output_tell_end(output);
  end_if_done(OWNER_OF(output, struct connection, from_client));
}

static void on_input_end(struct input *input) {
  struct connection *connection = OWNER_OF(input, struct connection, to_client);
  connection->client_done = true;
  end_if_done(connection);
}

static int credit(struct connection *connection, const struct frame *frame) {
  struct cursor c = cursor_over(frame);
  uint32_t amount = cursor_u32(&c);
  if (c.bad || frame->sub != SUB_STDOUT) {
    return -1;
  }
  return connection->from_client.ended ? 0 : output_credit(&connection->from_client, amount);
}

static int on_connection_frame(struct stream *stream, const struct frame *frame) {
  struct connection *connection = OWNER_OF(stream, struct connection, stream);
  switch (frame->type) {
    case F_DATA:
      return frame->sub == SUB_STDIN ? input_data(&connection->to_client, frame->payload, frame->length) : -1;
    case F_EOF:
      input_end(&connection->to_client);
      return 0;
    case F_CREDIT:
      return credit(connection, frame);
    case F_CLOSE:
      end_connection(connection);
      return 0;
    default:
      return -1;
  }
}

static const struct stream_kind connection_kind = {on_connection_frame};

static uint32_t free_id(void) {
  do {
    last_id++;
  } while (streams_find(GUEST_STREAM | last_id));
  return GUEST_STREAM | (last_id & ~GUEST_STREAM);
}

static void carry(int fd, uint32_t listener) {
  struct connection *connection = calloc(1, sizeof *connection);
  int second = fcntl(fd, F_DUPFD_CLOEXEC, 3);
  if (!connection || second < 0) {
    free(connection);
    close(fd);
    return;
  }
  int at_once = 1;
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &at_once, sizeof at_once);
  connection->stream = (struct stream){free_id(), &connection_kind};
  uint32_t id = connection->stream.id;
  uint8_t announcement[4];
  put_u32(announcement, listener);
  out_frame(F_ACCEPTED, 0, id, announcement, sizeof announcement);
  streams_add(&connection->stream);
  connections++;
  output_open(&connection->from_client, fd, id, SUB_STDOUT, on_client_end);
  input_open(&connection->to_client, second, id, SUB_STDIN, INPUT_WINDOW);
  connection->to_client.is_socket = true;
  connection->to_client.closed = on_input_end;
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

#include "connection.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stddef.h>
#include <sys/socket.h>
#include <unistd.h>

#include "out.h"
#include "protocol.h"

static void end(struct connection *connection) {
  if (streams_find(connection->stream.id) != &connection->stream) {
    return; /* it has ended already, within this same event */
  }
  output_close(&connection->from_peer);
  input_close(&connection->to_peer);
  out_frame(F_CLOSE, 0, connection->stream.id, NULL, 0);
  --*connection->count;
  streams_remove(&connection->stream);
}

static void end_if_done(struct connection *connection) {
  if (connection->from_peer.ended && connection->input_done) {
    end(connection);
  }
}

static void on_peer_end(struct output *output) {
  output_tell_end(output);
  end_if_done(OWNER_OF(output, struct connection, from_peer));
}

static void on_input_end(struct input *input) {
  struct connection *connection = OWNER_OF(input, struct connection, to_peer);
  connection->input_done = true;
  end_if_done(connection);
}

static int credit(struct connection *connection, const struct frame *frame) {
  struct cursor c = cursor_over(frame);
  uint32_t amount = cursor_u32(&c);
  if (c.bad || frame->sub != SUB_STDOUT) {
    return -1;
  }
  return connection->from_peer.ended ? 0 : output_credit(&connection->from_peer, amount);
}

static int on_frame(struct stream *stream, const struct frame *frame) {
  struct connection *connection = OWNER_OF(stream, struct connection, stream);
  switch (frame->type) {
    case F_DATA:
      return frame->sub == SUB_STDIN ? input_data(&connection->to_peer, frame->payload, frame->length) : -1;
    case F_EOF:
      input_end(&connection->to_peer);
      return 0;
    case F_CREDIT:
      return credit(connection, frame);
    case F_CLOSE:
      end(connection);
      return 0;
    default:
      return -1;
  }
}

static const struct stream_kind kind = {on_frame};

bool connection_open(struct connection *connection, int fd) {
  int second = fcntl(fd, F_DUPFD_CLOEXEC, 3);
  if (second < 0) {
    close(fd);
    return false;
  }
  int at_once = 1;
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &at_once, sizeof at_once);
  uint32_t id = connection->stream.id;
  connection->stream.kind = &kind;
  connection->connecting.fd = -1;
  output_open(&connection->from_peer, fd, id, SUB_STDOUT, on_peer_end);
  input_open(&connection->to_peer, second, id, SUB_STDIN, INPUT_WINDOW);
  connection->to_peer.is_socket = true;
  connection->to_peer.closed = on_input_end;
  return true;
}

/* A TCP connection inside and the stream that carries it: a relayed one, or one that the host asked for. */
#ifndef HOLDFAST_CONNECTION_H
#define HOLDFAST_CONNECTION_H

#include <stdbool.h>
#include <stdint.h>

#include "input.h"
#include "output.h"
#include "streams.h"

/* The peer's bytes are its output, the host's are its input. */
struct connection {
  struct stream stream;
  struct output from_peer;
  struct input to_peer;
  struct watch connecting; /* waits for the connection to be there; -1 otherwise */
  uint16_t port;
  unsigned *count; /* of its kind; one less when it ends */
  bool input_done;
};

/* Carries what the socket brings, from now on. False when there is no descriptor left; the socket is closed then. */
bool connection_open(struct connection *connection, int fd);

#endif

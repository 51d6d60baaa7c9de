/* Connections made to loopback ports inside, carried to the host. */
#ifndef HOLDFAST_RELAY_H
#define HOLDFAST_RELAY_H

#include "wire.h"

/* Handles a LISTEN frame. -1 when the host broke the protocol. */
int relay_listen(const struct frame *frame);

#endif

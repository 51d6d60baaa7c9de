/* Connections that the host asks for, to programs that listen inside. */
#ifndef HOLDFAST_CONNECT_H
#define HOLDFAST_CONNECT_H

#include "wire.h"

/* Handles CONNECT. -1 when the host broke the protocol. */
int connect_start(const struct frame *frame);

#endif

/* What happens to the files below a directory, told to the host as it happens. */
#ifndef HOLDFAST_NOTIFY_H
#define HOLDFAST_NOTIFY_H

#include "wire.h"

/* Handles WATCH. -1 when the host broke the protocol. */
int notify_start(const struct frame *frame);

#endif

/* The host's frames: reading them off the channel and handing them to whom they are for. */
#ifndef HOLDFAST_CHANNEL_H
#define HOLDFAST_CHANNEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Reads what is there and handles it. False when the host is gone. Fails when it broke the protocol. */
bool channel_read(int fd);

/* Whether nothing may be said until the host's next frame. */
bool channel_is_suspended(void);

/* Whether complete frames wait for room in the output buffer. */
bool channel_has_backlog(void);

/* Handles the whole frames at the start of `bytes`; returns how many bytes they took, -1 for a broken protocol. */
long channel_handle(const uint8_t *bytes, size_t length);

#endif

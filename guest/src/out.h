/* What waits to be written to the host. One buffer, so that frames leave in as few writes as possible. */
#ifndef HOLDFAST_OUT_H
#define HOLDFAST_OUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "protocol.h"

/* The channel's descriptor, for out_flush. */
void out_open(int fd);

/* Drops what waits, and from now on whatever is said on the host's streams below `oldest`: nobody there knows them. */
void out_forget(uint32_t oldest);
/* Whether the host knows the stream. */
bool out_is_heard(uint32_t stream);

/* Room for a frame's payload; send it with out_commit. At most MAX_PAYLOAD. */
uint8_t *out_reserve(size_t length);
void out_commit(uint8_t type, uint8_t sub, uint32_t stream, size_t length);

void out_frame(uint8_t type, uint8_t sub, uint32_t stream, const void *payload, size_t length);

/* Whether programs' output may be added: control frames always may. */
bool out_has_room(void);
/* Whether the host reads too slowly to take on more of its requests. */
bool out_is_congested(void);
bool out_is_empty(void);

/* Writes what the channel takes. -1 when the host is gone. */
int out_flush(void);

#endif

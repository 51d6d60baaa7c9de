/* One message in, one reply out. */
#ifndef HOLDFAST_SHARE_SERVE_H
#define HOLDFAST_SHARE_SERVE_H

#include <stddef.h>
#include <stdint.h>

/* The longest message that may come now. */
uint32_t serve_longest(void);
/* Goes on with what was agreed in a session before. */
void serve_continue(uint32_t longest);

/*
 * Handles a whole message, whose bytes it changes. The reply of at most MAX_MESSAGE bytes goes to `reply`; its length is
 * returned. A breach of the protocol ends the server.
 */
size_t serve(uint8_t *message, size_t length, uint8_t *reply);

#endif

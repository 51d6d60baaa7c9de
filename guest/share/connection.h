/* The client's byte stream, cut into messages. */
#ifndef HOLDFAST_SHARE_CONNECTION_H
#define HOLDFAST_SHARE_CONNECTION_H

#include <stdbool.h>

/*
 * Reads once and answers every message that is whole by then. False when the client is gone; a message that is too long
 * or too short ends the server.
 */
bool connection_serve(int stream);
/* Whether the beginning of a message waits for its end. */
bool connection_is_amid(void);

#endif

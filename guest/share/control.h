/*
 * The host's word to the server, over a Unix socket. It says "save" and a newline; the answer is "saved N" and a newline,
 * with the N bytes of the session behind it, or a line "busy" while the client has said something that is not answered.
 * The client is served on either way; it is for the host to hold it still.
 */
#ifndef HOLDFAST_SHARE_CONTROL_H
#define HOLDFAST_SHARE_CONTROL_H

#include <stdbool.h>

/* Reads the host's word and answers it. False when the host is gone; another word ends the server. */
bool control_serve(int control, bool busy);

#endif

/* Writing all of something. */
#ifndef HOLDFAST_SHARE_SAY_H
#define HOLDFAST_SHARE_SAY_H

#include <stdbool.h>
#include <stddef.h>

/* Waits until all is written. False when nobody is there to read it. */
bool say(int stream, const void *bytes, size_t length);

#endif

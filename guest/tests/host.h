/* The guest's own code, driven without a host: frames go in, and what it would send is dropped. */
#ifndef HOLDFAST_HOST_H
#define HOLDFAST_HOST_H

#include <stddef.h>
#include <stdint.h>

/* Sets the guest's parts up in this process, below the directory. */
void host_begin(const char *workspace);
/* Handles frames as channel_read does; what a program inside does meanwhile is handled too. */
long host_say(const uint8_t *bytes, size_t length);
/* Waits until no stream and no child is left, a few seconds at most; the number of streams that are. */
unsigned host_settle(void);
/* What has been sent since the last call. */
size_t host_heard(uint8_t *into, size_t size);

#endif

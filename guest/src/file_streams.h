/* File operations that take more than one frame: reading and writing content. */
#ifndef HOLDFAST_FILE_STREAMS_H
#define HOLDFAST_FILE_STREAMS_H

#include <stdint.h>

#include "wire.h"

/* Each takes the rest of a FILE frame behind its `op`. -1 when the host broke the protocol. */
int file_read_start(uint32_t stream, struct cursor *c);
int file_write_start(uint32_t stream, struct cursor *c);

#endif

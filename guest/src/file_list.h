#ifndef HOLDFAST_FILE_LIST_H
#define HOLDFAST_FILE_LIST_H

#include <stdint.h>

#include "wire.h"

/* Each takes the rest of a FILE frame behind its `op`. -1 when the host broke the protocol. */
int file_stat(uint32_t stream, struct cursor *c);
int file_list(uint32_t stream, struct cursor *c);

#endif

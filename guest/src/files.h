/* File operations below the workspace. */
#ifndef HOLDFAST_FILES_H
#define HOLDFAST_FILES_H

#include "wire.h"

/* The directory that every path is below. */
void files_open(const char *workspace);
/* Handles a FILE frame. -1 when the host broke the protocol. */
int files_request(const struct frame *frame);

#endif

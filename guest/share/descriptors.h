/* How many descriptors may be kept, and for what: the rest of what the process may have is for the work itself. */
#ifndef HOLDFAST_SHARE_DESCRIPTORS_H
#define HOLDFAST_SHARE_DESCRIPTORS_H

#include <stdint.h>

/* In eighths. */
enum descriptor_use { CAUGHT = 1, OPEN_FILES = 6 };

uint32_t descriptors_for(enum descriptor_use use);

#endif

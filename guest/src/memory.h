/* Whether the kernel killed for want of memory. */
#ifndef HOLDFAST_MEMORY_H
#define HOLDFAST_MEMORY_H

#include <stdbool.h>

/* The descriptor of a control group's memory.events; without one nothing is known. */
void memory_watch(int fd);
/* Whether it has killed since this was last asked. */
bool memory_killed(void);

#endif

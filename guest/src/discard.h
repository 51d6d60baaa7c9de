/* Output of kept programs after their execution's end: read and dropped, so that they do not die of SIGPIPE. */
#ifndef HOLDFAST_DISCARD_H
#define HOLDFAST_DISCARD_H

#include "streams.h"

/* Takes over the descriptor of `from`, which is left without one. */
void discard_from(struct watch *from);

#endif

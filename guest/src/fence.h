/* A second wall for layers whose programs meet a kernel of their own, where the host filters no system calls. */
#ifndef HOLDFAST_FENCE_H
#define HOLDFAST_FENCE_H

/*
 * From now on this process and all that it starts are refused the system calls that no work needs and that kernels are
 * broken with, and those that reach PID 1. Needs no_new_privs; ends the guest when the kernel takes no filter.
 */
void fence_raise(void);

#endif

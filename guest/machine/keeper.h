/*
 * What goes on in the machine's first program when the guest runs. It is root in namespaces that nothing of the agent's
 * sees, and in no group that the agent's limits are on.
 */
#ifndef HOLDFAST_MACHINE_KEEPER_H
#define HOLDFAST_MACHINE_KEEPER_H

#include <sys/types.h>

/* Until the guest ends. Carries the machine's files and does what the host orders, unless `port` to the host is -1. */
void keeper_run(pid_t guest, int port);

#endif

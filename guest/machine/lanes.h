/*
 * The machine's files over serial ports. The kernel speaks 9P over a socket, the host's servers are at ports, and a port
 * cannot be mounted from: so bytes are carried between them. One lane is one mount.
 */
#ifndef HOLDFAST_MACHINE_LANES_H
#define HOLDFAST_MACHINE_LANES_H

#include <poll.h>
#include <stdbool.h>

enum lane { LANE_SYSTEM, LANE_SHARES, LANES };

/* One descriptor for each end of each lane. */
#define LANE_POLLS (2 * LANES)

/* Opens the ports, if the machine was told to have its files over them; says whether. */
bool lanes_open(void);
/* What the kernel is to mount a lane from, by the lane's name; -1 when they are not open. */
int lanes_client(const char *name);

/* What is to be waited for now. */
void lanes_want(struct pollfd *wait_for);
/* Carries what there is. A lane that the host has left ends the machine. */
void lanes_carry(const struct pollfd *wait_for);

/* No new request leaves the machine until they are opened again; what was asked is answered still. */
void lanes_shut(bool shut);
/* Nothing is on its way, in either direction. To be asked while they are shut. */
bool lanes_are_empty(void);

#endif

/* What must differ between two machines that continue from one snapshot. */
#ifndef HOLDFAST_MACHINE_RENEW_H
#define HOLDFAST_MACHINE_RENEW_H

#include "settings.h"

/*
 * Randomness, clock, host name, and the boot id, which is in a file that hides the kernel's own. Before anything runs
 * that could use them. Gives up when one fails.
 */
void renew(const struct identity *identity, const char *boot_id);

#endif

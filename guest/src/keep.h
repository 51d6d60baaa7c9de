/*
 * Keepers. A program whose leftovers go on gets a parent of its own, which adopts every orphan below it and stays until
 * the last of them is gone. So the guest's own children always are: running programs, keepers, workers; and everything
 * else among them is a leftover to be killed.
 */
#ifndef HOLDFAST_KEEP_H
#define HOLDFAST_KEEP_H

#include <stddef.h>
#include <sys/resource.h>
#include <sys/types.h>

#include "spawn.h"

/* What a keeper says when its program has ended. */
struct keep_report {
  int status;
  struct rusage use;
};

/* Sent to a keeper instead of a signal's number: kill everything you keep. */
#define KEEP_KILL 255

/*
 * Starts the program below a keeper. Returns the keeper's pid and sets `connection`, a non-blocking socket that takes
 * signal numbers (one byte each) and yields one keep_report; or -1, and then `reason` says why.
 */
pid_t keep_spawn(const struct spawn *what, int *connection, char *reason, size_t reason_size);

#endif

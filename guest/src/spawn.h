/* Starting a program. */
#ifndef HOLDFAST_SPAWN_H
#define HOLDFAST_SPAWN_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct spawn {
  char *const *argv;
  char *const *env;
  const char *directory;
  int stdio[3];
  bool terminal;  /* stdio is a terminal, to be controlled by the program's session */
  bool subreaper; /* the program adopts the orphans below it */
};

/*
 * Starts the program as leader of its own session and process group, with default signals and no descriptor but 0, 1
 * and 2. Returns its pid; or -1 with errno, and then `reason` says why, for a reader who wrote the argv.
 */
pid_t spawn(const struct spawn *what, char *reason, size_t reason_size);

#endif

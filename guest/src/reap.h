/*
 * Reaping. PID 1 adopts every orphan of its workbench and must wait for it, or the dead stay in the process table; and
 * whatever an ended execution left behind is found here, as a child that belongs to nobody, and killed.
 */
#ifndef HOLDFAST_REAP_H
#define HOLDFAST_REAP_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* After SIGCHLD, and after reap_tick_in() has passed. */
void reap(void);
/* Milliseconds until reap() shall be called again, -1 for when SIGCHLD says so. */
int reap_tick_in(void);
/* Kills every process but the guest; answers on `stream` when they are gone. -1 when one is under way. */
int reap_kill_all(uint32_t stream);

/* Keepers stay after the executions that they were started for: from here on they are expected. */
bool reap_has_room_for_keeper(void);
void reap_add_keeper(pid_t pid);

/* A child of the guest that does some work for it; `done` gets its wait status. */
struct worker {
  pid_t pid;
  void (*done)(struct worker *worker, int status);
};
bool reap_has_room_for_worker(void);
void reap_add_worker(struct worker *worker);

#endif

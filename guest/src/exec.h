/* Executions: programs run for the host. */
#ifndef HOLDFAST_EXEC_H
#define HOLDFAST_EXEC_H

#include <stdbool.h>
#include <sys/resource.h>
#include <sys/types.h>

#include "input.h"
#include "output.h"
#include "streams.h"

enum exec_state {
  EXEC_RUNNING,
  EXEC_ENDED,    /* reaped; what it left behind may still be there */
  EXEC_REPORTED, /* the host knows its end; output may still wait for credit */
};

struct exec {
  struct stream stream;
  enum exec_state state;
  uint8_t flags;
  bool aborted;
  pid_t pid;           /* the program, or its keeper; 0 once reaped */
  struct watch keeper; /* connection to the keeper, with EXEC_KEEP_LEFTOVERS */
  struct output out[2];
  unsigned outputs; /* 1 on a terminal, else 2 */
  struct input in;
  int terminal; /* the PTY's master, or -1 */
  int status;
  struct rusage use;
  uint64_t started_us;
  uint64_t ended_us;
};

/* Handles an EXEC frame. -1 when the host broke the protocol. */
int exec_start(const struct frame *frame);

/* The execution whose own process this is, or NULL. */
struct exec *exec_of(pid_t pid);
/* Its process was reaped. */
void exec_reaped(struct exec *exec, int status, const struct rusage *use);
/* Everything it left behind is gone or kept: tells the host. */
void exec_report(struct exec *exec);
struct exec *exec_from(struct stream *stream);
/* The host that it was run for is gone: it runs on, its output goes nowhere, its input gets no more and does not end. */
void exec_forget_host(struct exec *exec);

/* Milliseconds until exec_tick has something to do, -1 for never. */
int exec_tick_in(void);
void exec_tick(void);

#endif

#include "reap.h"

#include <errno.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "children.h"
#include "clock.h"
#include "exec.h"
#include "out.h"

#define RETRY_MS 5
/* Leftovers that fork faster than they are killed one by one are ended together with everything else. */
#define ESCALATE_US 500000u
/* Something that does not even die of SIGKILL (a hung mount) must not hold the answer back for ever. */
#define GIVE_UP_US 5000000u

#define MAX_WORKERS 64
static struct worker *workers[MAX_WORKERS];
static unsigned worker_count;

#define MAX_KEEPERS 1024
static pid_t keepers[MAX_KEEPERS];
static unsigned keeper_count;

static uint64_t sweeping_since; /* 0: nothing to sweep */
static bool killing_all;
static uint32_t kill_all_stream;

void reap_add_worker(struct worker *worker) {
  workers[worker_count++] = worker;
}

bool reap_has_room_for_worker(void) {
  return worker_count < MAX_WORKERS;
}

bool reap_has_room_for_keeper(void) {
  return keeper_count < MAX_KEEPERS;
}

void reap_add_keeper(pid_t pid) {
  keepers[keeper_count++] = pid;
}

static bool is_keeper(pid_t pid) {
  for (unsigned i = 0; i < keeper_count; i++) {
    if (keepers[i] == pid) {
      return true;
    }
  }
  return false;
}

static void forget_keeper(pid_t pid) {
  for (unsigned i = 0; i < keeper_count; i++) {
    if (keepers[i] == pid) {
      keepers[i] = keepers[--keeper_count];
      return;
    }
  }
}

static bool end_worker(pid_t pid, int status) {
  for (unsigned i = 0; i < worker_count; i++) {
    if (workers[i]->pid == pid) {
      struct worker *worker = workers[i];
      workers[i] = workers[--worker_count];
      worker->done(worker, status);
      return true;
    }
  }
  return false;
}

/* Reaps all that are dead. True when children are left. */
static bool collect(void) {
  int status;
  struct rusage use;
  pid_t pid;
  while ((pid = wait4(-1, &status, WNOHANG, &use)) > 0) {
    struct exec *exec = exec_of(pid);
    forget_keeper(pid);
    if (exec) {
      exec->pid = 0;
      if (exec->keeper.fd < 0) {
        exec_reaped(exec, status, &use);
      }
    } else {
      end_worker(pid, status);
    }
  }
  return pid == 0;
}

static bool is_expected(pid_t pid) {
  for (unsigned i = 0; i < worker_count; i++) {
    if (workers[i]->pid == pid) {
      return true;
    }
  }
  return is_keeper(pid) || exec_of(pid) != NULL;
}

static bool is_spared(pid_t pid) {
  return !killing_all && is_expected(pid);
}

static bool anything_expected(void) {
  if (worker_count > 0 || keeper_count > 0) {
    return true;
  }
  for (unsigned i = 0; i < streams_count(); i++) {
    struct exec *exec = exec_from(streams_at(i));
    if (exec && exec->pid > 0) {
      return true;
    }
  }
  return false;
}

/* One round. True when nothing is left that should not be. */
static bool sweep(bool children_left, uint64_t sweeping_us) {
  if (!children_left) {
    return true;
  }
  bool everything = killing_all || !anything_expected() || sweeping_us > ESCALATE_US;
  if (everything && getpid() == 1) {
    kill(-1, SIGKILL); /* atomic in this pid namespace: no fork gets past it */
    return false;
  }
  return children_kill(is_spared) == 0;
}

static bool needs_sweep(struct exec *exec) {
  return exec && exec->state == EXEC_ENDED;
}

static bool sweep_wanted(void) {
  for (unsigned i = 0; i < streams_count(); i++) {
    if (needs_sweep(exec_from(streams_at(i)))) {
      return true;
    }
  }
  return killing_all;
}

static void report_ended(void) {
  for (unsigned i = streams_count(); i-- > 0;) {
    struct exec *exec = i < streams_count() ? exec_from(streams_at(i)) : NULL;
    if (needs_sweep(exec)) {
      exec_report(exec);
    }
  }
  if (killing_all) {
    killing_all = false;
    out_frame(F_REPLY, 0, kill_all_stream, "\0\0\0\0", 4);
  }
}

void reap(void) {
  bool children_left = collect();
  if (!sweep_wanted()) {
    sweeping_since = 0;
    return;
  }
  uint64_t now = now_us();
  if (sweeping_since == 0) {
    sweeping_since = now;
  }
  uint64_t sweeping_us = now - sweeping_since;
  if (sweep(children_left, sweeping_us) || sweeping_us > GIVE_UP_US) {
    report_ended();
    sweeping_since = 0;
  }
}

int reap_tick_in(void) {
  return sweeping_since > 0 ? RETRY_MS : -1;
}

int reap_kill_all(uint32_t stream) {
  if (killing_all) {
    return -1;
  }
  killing_all = true;
  kill_all_stream = stream;
  reap();
  return 0;
}

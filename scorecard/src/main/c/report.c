#define _GNU_SOURCE
#include "attack.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static void say(const char *verdict, const char *what, const char *format, va_list args) {
  flockfile(stdout); /* threads say a line each */
  printf("%s\t%s\t", verdict, what);
  vprintf(format, args);
  putchar('\n');
  funlockfile(stdout);
  fflush(stdout); /* a later attempt may kill this process */
}

void held(const char *what, const char *reason, ...) {
  va_list args;
  va_start(args, reason);
  say("held", what, reason, args);
  va_end(args);
}

void broken(const char *what, const char *evidence, ...) {
  va_list args;
  va_start(args, evidence);
  say("broken", what, evidence, args);
  va_end(args);
}

void must_fail(const char *what, long result) {
  if (result < 0) {
    held(what, "%s", strerrorname_np(errno));
  } else {
    broken(what, "returned %ld", result);
  }
}

void in_child(const char *what, void (*attempt)(const char *what)) {
  pid_t child = fork();
  if (child == 0) {
    attempt(what);
    _exit(0);
  }
  int status;
  if (child < 0 || waitpid(child, &status, 0) != child) {
    printf("unclear\t%s\tno child: %s\n", what, strerrorname_np(errno));
  } else if (WIFSIGNALED(status)) {
    held(what, "SIG%s", sigabbrev_np(WTERMSIG(status)));
  }
}

void slurp(const char *path, char *text, size_t size) {
  text[0] = 0;
  int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (fd < 0) {
    return;
  }
  size_t length = 0;
  ssize_t n;
  while (length + 1 < size && (n = read(fd, text + length, size - length - 1)) > 0) {
    length += (size_t)n;
  }
  text[length] = 0;
  close(fd);
}

void must_not_open(const char *path, int flags) {
  int fd = open(path, flags | O_CLOEXEC | O_NONBLOCK, 0600);
  if (fd < 0) {
    held(path, "%s", strerrorname_np(errno));
    return;
  }
  char start[40] = "";
  ssize_t n = read(fd, start, sizeof start - 1);
  for (ssize_t i = 0; i < n; i++) {
    if (start[i] < ' ' || start[i] > '~') {
      start[i] = '.';
    }
  }
  broken(path, "opened; it begins with `%s`", start);
  close(fd);
}

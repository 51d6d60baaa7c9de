#ifndef HOLDFAST_STDIO_PIPES_H
#define HOLDFAST_STDIO_PIPES_H

#include <stdbool.h>
#include <sys/ioctl.h>

#include "exec_request.h"

/* The two ends of a program's stdin, stdout and stderr. Ours do not block; -1 where there is none. */
struct stdio_pipes {
  bool is_terminal;
  int master;
  int ours[3];
  int theirs[3];
};

/* Opens /dev/null, once. */
void stdio_pipes_prepare(void);
/* -1 with errno, and nothing is open. */
int stdio_pipes_open(struct stdio_pipes *pipes, const struct exec_request *request);
/* Gives the terminal a size; false when nobody is told who should be. */
bool stdio_pipes_resize(int master, const struct winsize *size);
void stdio_pipes_close_theirs(struct stdio_pipes *pipes);
void stdio_pipes_close_ours(struct stdio_pipes *pipes);

#endif

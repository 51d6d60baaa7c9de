/* Attempts on terminals: typing into somebody else's, or into the own one for whoever reads it next. */
#define _GNU_SOURCE
#include "attack.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

void attack_terminal(void) {
  if (!isatty(0)) {
    fprintf(stderr, "attack: stdin is no terminal\n");
    _exit(2);
  }
  char key = '\n', paste = 3; /* a line's end, so that its echo does not spoil what is said */
  int discipline = 21; /* N_GSM0710 */
  TRY("TIOCSTI", ioctl(0, TIOCSTI, &key));
  TRY("TIOCSTI with an upper half", syscall(SYS_ioctl, 0, (1UL << 32) | TIOCSTI, &key));
  TRY("TIOCLINUX", ioctl(0, TIOCLINUX, &paste));
  TRY("TIOCSETD", ioctl(0, TIOCSETD, &discipline));
  TRY("TIOCCONS", ioctl(0, TIOCCONS));
  TRY("KDSKBENT", ioctl(0, 0x4b47));
  static const char *const PATHS[] = {"/dev/tty0", "/dev/tty1", "/dev/console", "/dev/vcs", "/dev/ttyS0", "/dev/pts/0",
                                      "/dev/pts/1", "/dev/pts/2", "/dev/pts/3"};
  const char *own = ttyname(0);
  for (size_t i = 0; i < sizeof PATHS / sizeof *PATHS; i++) {
    if (!own || strcmp(PATHS[i], own) != 0) {
      must_not_open(PATHS[i], O_RDWR | O_NOCTTY);
    }
  }
}

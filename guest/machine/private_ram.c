/*
 * Preloaded into QEMU when it continues from a snapshot. The snapshot's memory is mapped privately, so nothing is ever
 * written to the file; yet QEMU before version 9 opens it for writing, and a QEMU that was taken over could then change
 * what every later machine starts from. With this the file can be one that cannot be written to.
 */
#include <fcntl.h>
#include <stdarg.h>
#include <string.h>
#include <sys/syscall.h>

#define RAM "/vm/ram"

/* From the C library that QEMU has loaded. */
long syscall(long number, ...);
int open64(const char *path, int flags, ...);
int __open_2(const char *path, int flags);
int __open64_2(const char *path, int flags);

static int open_at(const char *path, int flags, unsigned mode) {
  int asked = strcmp(path, RAM) == 0 ? (flags & ~O_ACCMODE) | O_RDONLY : flags;
  return (int)syscall(SYS_openat, AT_FDCWD, path, asked, mode);
}

static unsigned mode_of(int flags, va_list rest) {
  return flags & (O_CREAT | O_TMPFILE) ? va_arg(rest, unsigned) : 0;
}

int open(const char *path, int flags, ...) {
  va_list rest;
  va_start(rest, flags);
  unsigned mode = mode_of(flags, rest);
  va_end(rest);
  return open_at(path, flags, mode);
}

int open64(const char *path, int flags, ...) {
  va_list rest;
  va_start(rest, flags);
  unsigned mode = mode_of(flags, rest);
  va_end(rest);
  return open_at(path, flags, mode);
}

int __open_2(const char *path, int flags) {
  return open_at(path, flags, 0);
}

int __open64_2(const char *path, int flags) {
  return open_at(path, flags, 0);
}

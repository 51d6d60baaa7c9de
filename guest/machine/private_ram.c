/*
 * Preloaded into QEMU when it continues from a snapshot. The snapshot's memory is mapped privately, so nothing is ever
 * written to the file; yet QEMU before version 9 opens it for writing, and a QEMU that was taken over could then change
 * what every later machine starts from. With this the file can be one that cannot be written to. QEMU may even be told
 * that it shares the memory with the file, which it leaves out of a machine's saved state for that: it does not.
 */
#include <fcntl.h>
#include <stdarg.h>
#include <stdbool.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>

#define RAM "/vm/ram"

/* From the C library that QEMU has loaded. */
long syscall(long number, ...);
int open64(const char *path, int flags, ...);
int __open_2(const char *path, int flags);
int __open64_2(const char *path, int flags);
void *mmap64(void *at, size_t length, int protection, int flags, int fd, off_t offset);

/* The descriptor of that file; QEMU keeps it open for as long as it runs. */
static int ram = -1;

static int open_at(const char *path, int flags, unsigned mode) {
  bool is_ram = strcmp(path, RAM) == 0;
  int asked = is_ram ? (flags & ~O_ACCMODE) | O_RDONLY : flags;
  int fd = (int)syscall(SYS_openat, AT_FDCWD, path, asked, mode);
  if (is_ram) {
    ram = fd;
  }
  return fd;
}

static void *map(void *at, size_t length, int protection, int flags, int fd, off_t offset) {
  if (fd >= 0 && fd == ram && (flags & MAP_SHARED)) {
    flags = (flags & ~MAP_SHARED) | MAP_PRIVATE;
  }
  return (void *)syscall(SYS_mmap, at, length, protection, flags, fd, offset);
}

void *mmap(void *at, size_t length, int protection, int flags, int fd, off_t offset) {
  return map(at, length, protection, flags, fd, offset);
}

void *mmap64(void *at, size_t length, int protection, int flags, int fd, off_t offset) {
  return map(at, length, protection, flags, fd, offset);
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

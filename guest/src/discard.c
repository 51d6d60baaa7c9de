#include "discard.h"

#include <errno.h>
#include <stddef.h>
#include <sys/epoll.h>
#include <unistd.h>

/* Beyond this many the pipe is closed instead: descriptors are scarce, and one process can hold many pipes. */
#define MAX_DISCARDED 256

static struct watch discarded[MAX_DISCARDED];
static unsigned used;

static void on_readable(struct watch *watch) {
  static char nowhere[32 * 1024];
  ssize_t n = read(watch->fd, nowhere, sizeof nowhere);
  if (n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR)) {
    watch_close(watch);
  }
}

static struct watch *free_slot(void) {
  for (unsigned i = 0; i < used; i++) {
    if (discarded[i].fd < 0) {
      return &discarded[i];
    }
  }
  return used < MAX_DISCARDED ? &discarded[used++] : NULL;
}

void discard_from(struct watch *from) {
  struct watch *slot = free_slot();
  if (!slot) {
    watch_close(from);
    return;
  }
  watch_for(from, 0);
  *slot = (struct watch){.fd = from->fd, .ready = on_readable};
  from->fd = -1;
  watch_for(slot, EPOLLIN);
}

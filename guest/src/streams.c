#include "streams.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "fail.h"
#include "protocol.h"

/* A live stream and its watches are freed only here, after the events that may point to them. */
static struct stream *live[MAX_STREAMS];
static unsigned live_count;
static struct stream *removed[MAX_STREAMS];
static unsigned removed_count;
static int epoll_fd = -1;

bool streams_add(struct stream *stream) {
  if (streams_full()) {
    return false;
  }
  live[live_count++] = stream;
  return true;
}

bool streams_full(void) {
  return live_count + removed_count >= MAX_STREAMS;
}

struct stream *streams_find(uint32_t id) {
  for (unsigned i = 0; i < live_count; i++) {
    if (live[i]->id == id) {
      return live[i];
    }
  }
  return NULL;
}

void streams_remove(struct stream *stream) {
  for (unsigned i = 0; i < live_count; i++) {
    if (live[i] == stream) {
      live[i] = live[--live_count];
      removed[removed_count++] = stream;
      return;
    }
  }
}

void streams_free_removed(void) {
  while (removed_count > 0) {
    free(removed[--removed_count]);
  }
}

unsigned streams_count(void) {
  return live_count;
}

struct stream *streams_at(unsigned index) {
  return live[index];
}

int watches_open(void) {
  epoll_fd = epoll_create1(EPOLL_CLOEXEC);
  if (epoll_fd < 0) {
    fail("epoll");
  }
  return epoll_fd;
}

void watch_for(struct watch *watch, uint32_t events) {
  if (watch->fd < 0 || watch->events == events) {
    return;
  }
  struct epoll_event event = {.events = events, .data.ptr = watch};
  int op = watch->events == 0 ? EPOLL_CTL_ADD : events == 0 ? EPOLL_CTL_DEL : EPOLL_CTL_MOD;
  if (epoll_ctl(epoll_fd, op, watch->fd, &event) != 0) {
    fail("epoll_ctl");
  }
  watch->events = events;
}

void watch_close(struct watch *watch) {
  if (watch->fd >= 0) {
    watch_for(watch, 0);
    close(watch->fd);
    watch->fd = -1;
  }
}

/* Few at a time, so that the channel is looked at between them; epoll hands them out in turn. */
#define BATCH 32

void watches_run(void) {
  struct epoll_event events[BATCH];
  int count = epoll_wait(epoll_fd, events, BATCH, 0);
  for (int i = 0; i < count; i++) {
    struct watch *watch = events[i].data.ptr;
    if (watch->fd >= 0 && watch->events != 0) {
      watch->ready(watch);
    }
  }
}

/*
 * inotify knows directories one by one: each is watched as it is found, then scanned for more, some entries at a time
 * so that nothing else waits. What the host has no credit for stays in the kernel's queue; when that overflows, or a
 * directory cannot be watched, the host is told that something was lost, and all is looked at anew.
 */
#include "notify.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#include "answer.h"
#include "out.h"
#include "protocol.h"
#include "resolve.h"
#include "streams.h"
#include "watched.h"

#define MAX_NOTIFIERS 4u /* inotify's instances are counted for all workbenches of a host together */
#define SCAN_AT_ONCE 256
#define EVENTS_AT_ONCE 64
#define EVENT_FIXED 12
#define LARGEST_EVENT (EVENT_FIXED + 2 * WATCHED_PATH)
#define MOST_AT_ONCE (2 * LARGEST_EVENT) /* what is told before credit is looked at again: three with one path each */
#define INTEREST (IN_CREATE | IN_MODIFY | IN_ATTRIB | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO | IN_ONLYDIR | IN_EXCL_UNLINK)

struct notifier {
  struct stream stream;
  struct watch events;
  struct watch work; /* always readable: watched while there is something to scan */
  struct watched_set set;
  uint32_t credit;
  bool answered;
  bool lost;             /* to be told, then all is looked at anew */
  bool unwatched;        /* told already, and again only after a new look */
  DIR *scanning;         /* with */
  int scanned;           /* the number of its directory */
  char moved[NAME_SIZE]; /* the name of IN_MOVED_FROM, until it is known where to; "" for none */
  int moved_from;
  uint32_t moved_cookie;
  bool moved_directory;
  char root[WATCHED_PATH];
  size_t first, last; /* of the bytes read and not handled yet */
  char buffer[16 * (sizeof(struct inotify_event) + NAME_MAX + 1)] __attribute__((aligned(8)));
};

static unsigned notifiers;

static bool may_tell(const struct notifier *n) {
  return n->credit >= MOST_AT_ONCE && out_has_room();
}

static uint8_t *put_text(uint8_t *to, const char *text) {
  size_t length = strlen(text);
  to = put_u32(to, (uint32_t)length);
  memcpy(to, text, length + 1);
  return to + length + 1;
}

static void tell_paths(struct notifier *n, uint8_t kind, bool directory, const char *path, const char *to) {
  uint8_t *start = out_reserve(LARGEST_EVENT);
  uint8_t *end = put_u8(put_u8(start, kind), directory);
  end = put_text(put_text(end, path), to);
  size_t length = (size_t)(end - start);
  out_commit(F_DATA, SUB_STDOUT, n->stream.id, length);
  n->credit -= (uint32_t)length;
}

static void tell(struct notifier *n, uint8_t kind, bool directory, const struct watched *in, const char *name) {
  char path[WATCHED_PATH];
  if (watched_path(in, name, path) == 0) {
    n->lost = true; /* its path is too long to be told */
    return;
  }
  tell_paths(n, kind, directory, path, "");
}

/* Watching is asked for by the directory that is open, as a path could lead elsewhere by now. */
static int number_of(const struct notifier *n, int directory) {
  int before = open(".", O_PATH | O_CLOEXEC);
  int number = before < 0 || fchdir(directory) != 0 ? -1 : inotify_add_watch(n->events.fd, ".", INTEREST);
  int error = errno;
  if (before >= 0) {
    if (fchdir(before) != 0) {
      number = -1;
    }
    close(before);
  }
  errno = error;
  return number;
}

static void watch_below(struct notifier *n, struct watched *parent, const char *name, bool fresh) {
  char path[WATCHED_PATH];
  errno = ENAMETOOLONG;
  bool fits = watched_path(parent, name, path) > 0;
  int fd = fits ? resolve_open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_NONBLOCK) : -1;
  int number = fd < 0 ? -1 : number_of(n, fd);
  bool gone = fd < 0 && (errno == ENOENT || errno == ENOTDIR || errno == ELOOP);
  if (fd >= 0) {
    close(fd);
  }
  struct watched *made = number < 0 ? NULL : watched_add(&n->set, number, parent, name);
  if (made) {
    made->to_scan = true;
    made->fresh = fresh;
  } else if (!n->unwatched && (number >= 0 ? errno != EEXIST : !gone)) {
    n->unwatched = true;
    tell(n, NOTIFY_UNWATCHED, true, parent, name);
  }
}

static bool is_directory(int at, const struct dirent *entry) {
  struct stat stat;
  return entry->d_type == DT_DIR ||
         (entry->d_type == DT_UNKNOWN && fstatat(at, entry->d_name, &stat, AT_SYMLINK_NOFOLLOW) == 0 && S_ISDIR(stat.st_mode));
}

static void end_scan(struct notifier *n) {
  if (n->scanning) {
    closedir(n->scanning);
    n->scanning = NULL;
  }
}

static void scan_entry(struct notifier *n, struct watched *in, const struct dirent *entry) {
  const char *name = entry->d_name;
  if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0 || strlen(name) >= NAME_SIZE) {
    return;
  }
  bool directory = is_directory(dirfd(n->scanning), entry);
  if (in->fresh) {
    tell(n, NOTIFY_CREATED, directory, in, name);
  }
  if (directory) {
    watch_below(n, in, name, in->fresh);
  }
}

static bool begin_scan(struct notifier *n) {
  struct watched *next = watched_to_scan(&n->set);
  if (!next) {
    return false;
  }
  char path[WATCHED_PATH];
  next->to_scan = false;
  n->scanned = next->number;
  size_t length = watched_path(next, NULL, path);
  int link = next->parent ? O_NOFOLLOW : 0; /* what the host named may be one */
  int fd = resolve_open(length ? path : ".", O_RDONLY | O_DIRECTORY | O_NONBLOCK | link);
  n->scanning = fd < 0 ? NULL : fdopendir(fd);
  return true; /* one that has gone meanwhile has nothing in it */
}

/* Some entries of some directories; whether there are more. */
static bool scan(struct notifier *n) {
  for (int i = 0; i < SCAN_AT_ONCE && may_tell(n); i++) {
    struct watched *in = n->scanning ? watched_find(&n->set, n->scanned) : NULL;
    struct dirent *entry = in ? readdir(n->scanning) : NULL;
    if (entry) {
      scan_entry(n, in, entry);
    } else if (n->scanning) {
      end_scan(n);
    } else if (!begin_scan(n)) {
      return false;
    }
  }
  return true;
}

static void forget_number(int number, void *with) {
  inotify_rm_watch(((struct notifier *)with)->events.fd, number);
}

static void end(struct notifier *n, int error) {
  if (streams_find(n->stream.id) != &n->stream) {
    return; /* it has ended already, within this same event */
  }
  end_scan(n);
  watch_close(&n->events);
  watch_close(&n->work);
  watched_clear(&n->set);
  notifiers--;
  if (n->answered) {
    out_frame(F_CLOSE, 0, n->stream.id, NULL, 0);
  } else {
    answer_error(n->stream.id, error);
  }
  streams_remove(&n->stream);
}

/* What was renamed and has not come up again has left. */
static void flush_moved(struct notifier *n) {
  struct watched *from = n->moved[0] ? watched_find(&n->set, n->moved_from) : NULL;
  if (from) {
    tell(n, NOTIFY_REMOVED, n->moved_directory, from, n->moved);
    struct watched *left = n->moved_directory ? watched_child(&n->set, from, n->moved) : NULL;
    if (left) {
      watched_remove(&n->set, left, forget_number, n);
    }
  }
  n->moved[0] = 0;
}

static void moved_to(struct notifier *n, struct watched *in, const struct inotify_event *event) {
  bool directory = event->mask & IN_ISDIR;
  struct watched *from =
      n->moved[0] && n->moved_cookie == event->cookie ? watched_find(&n->set, n->moved_from) : NULL;
  if (!from) {
    flush_moved(n);
    tell(n, NOTIFY_CREATED, directory, in, event->name);
    if (directory) {
      watch_below(n, in, event->name, true);
    }
    return;
  }
  char before[WATCHED_PATH];
  char after[WATCHED_PATH];
  if (watched_path(from, n->moved, before) == 0 || watched_path(in, event->name, after) == 0) {
    n->lost = true;
  } else {
    tell_paths(n, NOTIFY_RENAMED, directory, before, after);
  }
  struct watched *moved = directory ? watched_child(&n->set, from, n->moved) : NULL;
  n->moved[0] = 0;
  if (moved && !watched_move(&n->set, moved, in, event->name)) {
    n->lost = true;
  }
}

static void on_directory_gone(struct notifier *n, struct watched *gone) {
  if (gone && !gone->parent) {
    if (n->root[0]) {
      tell_paths(n, NOTIFY_REMOVED, true, n->root, "");
    }
    end(n, ENOENT);
  } else if (gone) {
    watched_remove(&n->set, gone, forget_number, n);
  }
}

static void handle(struct notifier *n, const struct inotify_event *event) {
  struct watched *in = watched_find(&n->set, event->wd);
  bool directory = event->mask & IN_ISDIR;
  if (event->mask & IN_Q_OVERFLOW) {
    n->lost = true;
  } else if (event->mask & IN_IGNORED) {
    on_directory_gone(n, in);
  } else if (in && event->len > 0 && (event->mask & IN_MOVED_TO)) {
    moved_to(n, in, event);
  } else if (in && event->len > 0) {
    flush_moved(n);
    if (event->mask & IN_MOVED_FROM) {
      strncpy(n->moved, event->name, sizeof n->moved - 1);
      n->moved_from = event->wd;
      n->moved_cookie = event->cookie;
      n->moved_directory = directory;
    } else if (event->mask & IN_CREATE) {
      tell(n, NOTIFY_CREATED, directory, in, event->name);
      if (directory) {
        watch_below(n, in, event->name, true);
      }
    } else {
      tell(n, event->mask & IN_DELETE ? NOTIFY_REMOVED : NOTIFY_CHANGED, directory, in, event->name);
    }
  }
}

static bool open_events(struct notifier *n);

/* After a loss nobody knows what is where: another queue, and every directory again. */
static void begin_anew(struct notifier *n) {
  n->lost = n->unwatched = false;
  n->moved[0] = 0;
  n->first = n->last = 0;
  end_scan(n);
  watch_close(&n->events);
  watched_clear(&n->set);
  tell_paths(n, NOTIFY_LOST, false, "", "");
  if (!open_events(n)) {
    end(n, errno);
  }
}

/* Whether there is an event at `first`. */
static bool more_events(struct notifier *n) {
  if (n->first < n->last) {
    return true;
  }
  ssize_t got = read(n->events.fd, n->buffer, sizeof n->buffer);
  n->first = 0;
  n->last = got > 0 ? (size_t)got : 0;
  return got > 0;
}

/* Some of the events that there are; false when the notifier has ended. */
static bool tell_events(struct notifier *n) {
  for (int i = 0; i < EVENTS_AT_ONCE && may_tell(n); i++) {
    if (n->lost) {
      begin_anew(n);
    } else if (more_events(n)) {
      struct inotify_event *event = (struct inotify_event *)(void *)(n->buffer + n->first);
      n->first += sizeof *event + event->len;
      handle(n, event);
    } else {
      flush_moved(n);
      return true;
    }
    if (n->work.fd < 0) {
      return false;
    }
  }
  return true;
}

/* What is read already makes no descriptor readable: the work is woken up for it. */
static void wait_for_more(struct notifier *n) {
  bool heard = n->credit >= MOST_AT_ONCE;
  bool at_hand = n->lost || n->first < n->last || n->scanning || watched_to_scan(&n->set);
  watch_for(&n->events, heard ? EPOLLIN : 0);
  watch_for(&n->work, heard && at_hand ? EPOLLIN : 0);
}

static void on_events(struct watch *watch) {
  struct notifier *n = OWNER_OF(watch, struct notifier, events);
  if (tell_events(n)) {
    wait_for_more(n);
  }
}

static void on_work(struct watch *watch) {
  struct notifier *n = OWNER_OF(watch, struct notifier, work);
  if ((n->lost || n->first < n->last) && !tell_events(n)) {
    return;
  }
  if (!scan(n) && !n->answered) {
    n->answered = true;
    answer_done(n->stream.id);
  }
  wait_for_more(n);
}

static bool open_events(struct notifier *n) {
  n->events = (struct watch){.fd = inotify_init1(IN_NONBLOCK | IN_CLOEXEC), .ready = on_events};
  if (n->events.fd < 0) {
    return false;
  }
  int fd = resolve_open(n->root[0] ? n->root : ".", O_RDONLY | O_DIRECTORY | O_NONBLOCK);
  int number = fd < 0 ? -1 : number_of(n, fd);
  struct watched *root = number < 0 ? NULL : watched_add(&n->set, number, NULL, n->root);
  int error = errno;
  if (fd >= 0) {
    close(fd);
  }
  if (!root) {
    watch_close(&n->events);
    errno = error;
    return false;
  }
  root->to_scan = true;
  watch_for(&n->events, EPOLLIN);
  watch_for(&n->work, EPOLLIN);
  return true;
}

static int credit(struct notifier *n, const struct frame *frame) {
  struct cursor c = cursor_over(frame);
  uint32_t amount = cursor_u32(&c);
  if (c.bad || frame->sub != SUB_STDOUT || amount > MAX_CREDIT || n->credit + amount > MAX_CREDIT) {
    return -1;
  }
  n->credit += amount;
  wait_for_more(n);
  return 0;
}

static int on_frame(struct stream *stream, const struct frame *frame) {
  struct notifier *n = OWNER_OF(stream, struct notifier, stream);
  if (frame->type == F_CREDIT) {
    return credit(n, frame);
  }
  if (frame->type != F_CLOSE) {
    return -1;
  }
  end(n, ECANCELED);
  return 0;
}

static const struct stream_kind kind = {on_frame};

int notify_start(const struct frame *frame) {
  struct cursor c = cursor_over(frame);
  const char *path = cursor_string(&c);
  if (c.bad || c.left > 0 || frame->stream == 0 || (frame->stream & GUEST_STREAM) || streams_find(frame->stream) ||
      streams_full()) {
    return -1;
  }
  size_t length = strlen(path);
  int error = length >= WATCHED_PATH / 2 ? ENAMETOOLONG : notifiers >= MAX_NOTIFIERS ? EMFILE : 0;
  struct notifier *n = error ? NULL : calloc(1, sizeof *n);
  if (!n) {
    answer_error(frame->stream, error ? error : ENOMEM);
    return 0;
  }
  n->stream = (struct stream){frame->stream, &kind};
  n->credit = OUTPUT_WINDOW;
  memcpy(n->root, path, length + 1);
  n->work = (struct watch){.fd = eventfd(1, EFD_NONBLOCK | EFD_CLOEXEC), .ready = on_work};
  if (n->work.fd < 0 || !open_events(n)) {
    answer_error(frame->stream, errno);
    watch_close(&n->work);
    free(n);
    return 0;
  }
  streams_add(&n->stream);
  notifiers++;
  return 0;
}

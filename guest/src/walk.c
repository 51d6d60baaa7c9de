#include "walk.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define MAX_LINKS 40 /* as the kernel */

struct walk {
  int root;
  int at;              /* the directory that `taken` names */
  int links;
  char taken[PATH_MAX]; /* parts without links, each with a slash behind it */
  char rest[PATH_MAX];  /* what is still to be walked */
};

static int fail_with(int error) {
  errno = error;
  return -1;
}

static int move_to(struct walk *walk, int directory) {
  if (directory < 0) {
    return -1;
  }
  if (walk->at >= 0) {
    close(walk->at);
  }
  walk->at = directory;
  return 0;
}

static int open_directory(int above, const char *name) {
  return openat(above, name, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
}

/* From the root to `taken` again. */
static int retrace(struct walk *walk) {
  int result = move_to(walk, open_directory(walk->root, "."));
  char *name = walk->taken;
  for (char *slash; result == 0 && (slash = strchr(name, '/')); name = slash + 1) {
    *slash = 0;
    result = move_to(walk, open_directory(walk->at, name));
    *slash = '/';
  }
  return result;
}

static int go_up(struct walk *walk) {
  size_t length = strlen(walk->taken);
  if (length == 0) {
    return fail_with(EXDEV);
  }
  length--;
  while (length > 0 && walk->taken[length - 1] != '/') {
    length--;
  }
  walk->taken[length] = 0;
  return retrace(walk);
}

static int go_down(struct walk *walk, const char *name) {
  size_t length = strlen(walk->taken);
  if (length + strlen(name) + 2 > sizeof walk->taken) {
    return fail_with(ENAMETOOLONG);
  }
  if (move_to(walk, open_directory(walk->at, name)) != 0) {
    return -1;
  }
  snprintf(walk->taken + length, sizeof walk->taken - length, "%s/", name);
  return 0;
}

/* Puts what the link says in front of the rest. */
static int follow(struct walk *walk, const char *link) {
  char joined[2 * PATH_MAX + 1];
  if (link[0] == '/') {
    return fail_with(EXDEV);
  }
  if (++walk->links > MAX_LINKS) {
    return fail_with(ELOOP);
  }
  int length = snprintf(joined, sizeof joined, "%s%s%s", link, walk->rest[0] ? "/" : "", walk->rest);
  if (length >= (int)sizeof walk->rest) {
    return fail_with(ENAMETOOLONG);
  }
  memcpy(walk->rest, joined, (size_t)length + 1);
  return 0;
}

/* Cuts the first part off the rest. `last` when nothing but slashes is behind it, `slashed` when those are. */
static int take_part(struct walk *walk, char name[NAME_MAX + 1], bool *last, bool *slashed) {
  size_t start = strspn(walk->rest, "/");
  size_t length = strcspn(walk->rest + start, "/");
  if (length > NAME_MAX) {
    return fail_with(ENAMETOOLONG);
  }
  memcpy(name, walk->rest + start, length);
  name[length] = 0;
  const char *behind = walk->rest + start + length;
  *last = behind[strspn(behind, "/")] == 0;
  *slashed = *last && *behind != 0;
  memmove(walk->rest, behind, strlen(behind) + 1);
  return 0;
}

/* The part that ends the path: the result, -1, or -2 where a link has to be followed first. */
static int open_last(struct walk *walk, const char *name, bool slashed, int flags) {
  char link[PATH_MAX];
  bool keep_link = (flags & O_NOFOLLOW) && !slashed;
  ssize_t length = keep_link ? -1 : readlinkat(walk->at, name, link, sizeof link - 1);
  if (length >= 0) {
    link[length] = 0;
    /* The slash stays behind what the link says: it must be a directory. */
    return follow(walk, link) == 0 ? -2 : -1;
  }
  int more = O_NOFOLLOW | O_CLOEXEC | (slashed ? O_DIRECTORY : 0);
  return openat(walk->at, name, flags | more);
}

static int step(struct walk *walk, const char *name) {
  char link[PATH_MAX];
  if (strcmp(name, ".") == 0) {
    return 0;
  }
  if (strcmp(name, "..") == 0) {
    return go_up(walk);
  }
  ssize_t length = readlinkat(walk->at, name, link, sizeof link - 1);
  if (length < 0) {
    return go_down(walk, name);
  }
  link[length] = 0;
  return follow(walk, link);
}

static int walk_on(struct walk *walk, int flags) {
  char name[NAME_MAX + 1];
  bool last;
  bool slashed;
  while (walk->rest[strspn(walk->rest, "/")]) {
    if (take_part(walk, name, &last, &slashed) != 0) {
      return -1;
    }
    if (last && strcmp(name, ".") != 0 && strcmp(name, "..") != 0) {
      int fd = open_last(walk, name, slashed, flags);
      if (fd != -2) {
        return fd;
      }
    } else if (step(walk, name) != 0) {
      return -1;
    }
  }
  return openat(walk->at, ".", flags | O_CLOEXEC);
}

int walk_open(int root, const char *path, int flags) {
  struct walk walk = {.root = root, .at = -1};
  size_t length = strlen(path);
  if (path[0] == '/') {
    return fail_with(EXDEV);
  }
  if (length >= sizeof walk.rest) {
    return fail_with(ENAMETOOLONG);
  }
  memcpy(walk.rest, path, length + 1);
  int fd = retrace(&walk) == 0 ? walk_on(&walk, flags) : -1;
  int error = errno;
  if (walk.at >= 0) {
    close(walk.at);
  }
  errno = error;
  return fd;
}

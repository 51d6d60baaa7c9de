#include "resolve.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "walk.h"

#define MAX_LINKS 16   /* symbolic links followed by hand to the file that is written */
#define MAX_RETRIES 64 /* openat2 gives EAGAIN when a rename crosses its way */

static const char *workspace;
static int root = -1; /* opened when it is first needed: a workbench may get its workspace after its guest has started */

void resolve_below(const char *directory) {
  workspace = directory;
  if (root >= 0) {
    close(root);
    root = -1;
  }
}

static int root_directory(void) {
  if (root < 0) {
    root = open(workspace, O_PATH | O_DIRECTORY | O_CLOEXEC);
  }
  return root;
}

static int fail_with(int error) {
  errno = error;
  return -1;
}

int resolve_open(const char *path, int flags) {
  static bool by_hand; /* gVisor's kernel has no openat2 */
  struct open_how how = {
      .flags = (unsigned)flags | O_CLOEXEC,
      .resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS,
  };
  long fd = -1;
  if (root_directory() < 0) {
    return -1;
  }
  if (by_hand) {
    return walk_open(root, path, flags);
  }
  for (int i = 0; i < MAX_RETRIES; i++) {
    fd = syscall(SYS_openat2, root, *path ? path : ".", &how, sizeof how);
    if (fd >= 0 || errno != EAGAIN) {
      break;
    }
  }
  if (fd < 0 && errno == ENOSYS) {
    by_hand = true;
    return walk_open(root, path, flags);
  }
  return (int)fd;
}

static int open_directory(const char *path) {
  return resolve_open(path, O_PATH | O_DIRECTORY);
}

/* The length of the path up to the end of the part that begins at or behind `from`. */
static size_t end_of_part(const char *path, size_t from) {
  from += strspn(path + from, "/");
  return from + strcspn(path + from, "/");
}

/* Makes one level: `prefix` ends in the part to be made in the directory `above`. */
static int make_level(int above, const char *prefix) {
  const char *slash = strrchr(prefix, '/');
  const char *name = slash ? slash + 1 : prefix;
  if (mkdirat(above, name, 0755) != 0 && errno != EEXIST) {
    return -1;
  }
  return open_directory(prefix);
}

int resolve_make_directory(const char *path) {
  int fd = open_directory(path);
  if (fd >= 0 || errno != ENOENT) {
    return fd;
  }
  size_t length = strlen(path);
  if (length >= PATH_MAX) {
    return fail_with(ENAMETOOLONG);
  }
  char prefix[PATH_MAX];
  int above = open_directory(".");
  for (size_t end = end_of_part(path, 0); above >= 0; end = end_of_part(path, end)) {
    memcpy(prefix, path, end);
    prefix[end] = 0;
    fd = open_directory(prefix);
    if (fd < 0 && errno == ENOENT) {
      fd = make_level(above, prefix);
    }
    close(above);
    above = fd;
    if (end + strspn(path + end, "/") >= length) {
      break;
    }
  }
  return above;
}

/* Cuts a path into the directory and the name in it. */
static int split(const char *path, char directory[PATH_MAX], char name[NAME_SIZE]) {
  size_t length = strlen(path);
  while (length > 0 && path[length - 1] == '/') {
    length--;
  }
  if (path[0] == '/') {
    return fail_with(EXDEV);
  }
  size_t start = length;
  while (start > 0 && path[start - 1] != '/') {
    start--;
  }
  if (length - start >= NAME_SIZE || start >= PATH_MAX) {
    return fail_with(ENAMETOOLONG);
  }
  memcpy(directory, path, start);
  directory[start] = 0;
  memcpy(name, path + start, length - start);
  name[length - start] = 0;
  if (strcmp(name, "..") == 0) {
    return fail_with(EXDEV);
  }
  return *name == 0 || strcmp(name, ".") == 0 ? fail_with(EPERM) : 0;
}

int resolve_parent(const char *path, bool make, char name[NAME_SIZE]) {
  char directory[PATH_MAX];
  if (split(path, directory, name) != 0) {
    return -1;
  }
  return make ? resolve_make_directory(directory) : open_directory(directory);
}

/* Replaces the last part of `path` by what the link says. */
static int follow(char path[PATH_MAX], const char *link) {
  char directory[PATH_MAX];
  char name[NAME_SIZE];
  if (link[0] == '/') {
    return fail_with(EXDEV);
  }
  if (split(path, directory, name) != 0) {
    return -1;
  }
  int length = snprintf(path, PATH_MAX, "%s%s", directory, link);
  return length < PATH_MAX ? 0 : fail_with(ENAMETOOLONG);
}

int resolve_target(const char *path, char name[NAME_SIZE]) {
  char at[PATH_MAX];
  if (strlen(path) >= sizeof at) {
    return fail_with(ENAMETOOLONG);
  }
  strcpy(at, path);
  for (int i = 0; i < MAX_LINKS; i++) {
    char link[PATH_MAX];
    int parent = resolve_parent(at, true, name);
    if (parent < 0) {
      return -1;
    }
    ssize_t length = readlinkat(parent, name, link, sizeof link - 1);
    if (length < 0) {
      return parent; /* no link, or nothing there yet */
    }
    link[length] = 0;
    close(parent);
    if (follow(at, link) != 0) {
      return -1;
    }
  }
  return fail_with(ELOOP);
}

#include "tree.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "resolve.h"

/*
 * One descriptor at a time, however deep the tree: the way back up is "..", and is taken only when it leads to the
 * directory that we came from (someone may have moved the tree meanwhile).
 */
#define MAX_DEPTH 2048
#define MAX_VISITS 64 /* of one directory: somebody fills it as fast as it is emptied */

struct level {
  dev_t device;
  ino_t inode;
  unsigned visits;
  char name[NAME_SIZE]; /* of the directory entered from this one */
};

static struct level levels[MAX_DEPTH];

static bool is_dots(const char *name) {
  return strcmp(name, ".") == 0 || strcmp(name, "..") == 0;
}

/* Removes an entry. ENOTEMPTY: it is a directory to be entered. */
static int remove_entry(int directory, const char *name) {
  if (unlinkat(directory, name, 0) == 0 || errno == ENOENT) {
    return 0;
  }
  if (errno != EISDIR) {
    return errno;
  }
  return unlinkat(directory, name, AT_REMOVEDIR) == 0 ? 0 : errno;
}

/* Removes what it can. ENOTEMPTY, and `next` is a directory to be entered; 0 when it is empty. */
static int empty(int directory, char next[NAME_SIZE]) {
  int copy = openat(directory, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  DIR *entries = copy < 0 ? NULL : fdopendir(copy);
  if (!entries) {
    return errno;
  }
  int result = 0;
  struct dirent *entry;
  while (result == 0 && (entry = readdir(entries))) {
    if (!is_dots(entry->d_name)) {
      result = remove_entry(directory, entry->d_name);
      if (result == ENOTEMPTY) {
        strncpy(next, entry->d_name, NAME_SIZE - 1);
        next[NAME_SIZE - 1] = 0;
      }
    }
  }
  closedir(entries);
  return result;
}

/* Enters a directory and makes sure that its entries may be removed. */
static int enter(int above, const char *name, struct level *level) {
  int fd = openat(above, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  struct stat stat;
  if (fd < 0 || fstat(fd, &stat) != 0) {
    return -1;
  }
  if ((stat.st_mode & S_IRWXU) != S_IRWXU) {
    fchmod(fd, S_IRWXU);
  }
  *level = (struct level){.device = stat.st_dev, .inode = stat.st_ino};
  return fd;
}

/* Goes back up to the directory that `level` describes. */
static int leave(int below, const struct level *level) {
  int fd = openat(below, "..", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  struct stat stat;
  if (fd < 0 || fstat(fd, &stat) != 0) {
    return -1;
  }
  if (stat.st_dev != level->device || stat.st_ino != level->inode) {
    close(fd);
    errno = EBUSY;
    return -1;
  }
  return fd;
}

static int descend(int *directory, unsigned *depth) {
  struct level *level = &levels[*depth];
  if (++level->visits > MAX_VISITS || *depth + 1 >= MAX_DEPTH) {
    return level->visits > MAX_VISITS ? EBUSY : ENAMETOOLONG;
  }
  int below = enter(*directory, level->name, level + 1);
  if (below < 0) {
    return errno == ENOENT ? 0 : errno;
  }
  close(*directory);
  *directory = below;
  ++*depth;
  return 0;
}

static int ascend(int *directory, unsigned *depth) {
  int above = leave(*directory, &levels[*depth - 1]);
  if (above < 0) {
    return errno;
  }
  close(*directory);
  *directory = above;
  --*depth;
  int removed = remove_entry(above, levels[*depth].name);
  if (removed == 0) {
    levels[*depth].visits = 0;
  }
  return removed == ENOTEMPTY ? 0 : removed; /* it is met again, and counted */
}

int tree_delete(int parent, const char *name) {
  unsigned depth = 0;
  int directory = enter(parent, name, &levels[0]);
  if (directory < 0) {
    return errno;
  }
  int error = 0;
  while (error == 0) {
    error = empty(directory, levels[depth].name);
    if (error == ENOTEMPTY) {
      error = descend(&directory, &depth);
    } else if (error == 0 && depth == 0) {
      break;
    } else if (error == 0) {
      error = ascend(&directory, &depth);
    }
  }
  close(directory);
  return error != 0 ? error : remove_entry(parent, name);
}

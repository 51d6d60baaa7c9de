#include "tree.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "descriptors.h"

#define BUCKETS (1u << 17)

struct export {
  const char *name;
  int directory;
  bool read_only;
  struct node *root;
};

struct node {
  struct node *next;   /* in its bucket */
  struct node *parent; /* a reference; NULL for a root */
  const struct export *export;
  uint32_t references;
  uint32_t hash;
  int caught; /* what it stood for when it went, or -1 */
  bool gone;  /* in no bucket: the client has removed the name */
  char *name;
};

static struct export exports[MAX_EXPORTS];
static size_t export_count;
static struct node *buckets[BUCKETS];
static uint32_t node_count;
static uint32_t caught_count;

static void *fail_with(int error) {
  errno = error;
  return NULL;
}

static struct node *make(const struct export *export, struct node *parent, const char *name) {
  if (node_count >= MAX_NODES) {
    return fail_with(ENFILE);
  }
  struct node *node = calloc(1, sizeof *node);
  if (node) {
    node->name = strdup(name);
  }
  if (!node || !node->name) {
    free(node);
    return fail_with(ENOMEM);
  }
  node->export = export;
  node->caught = -1;
  node->parent = parent ? tree_keep(parent) : NULL;
  node->references = 1;
  node_count++;
  return node;
}

bool tree_export(const char *name, const char *path, bool read_only) {
  if (export_count == MAX_EXPORTS) {
    errno = E2BIG;
    return false;
  }
  struct export *export = &exports[export_count];
  export->directory = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
  export->name = name;
  export->read_only = read_only;
  export->root = export->directory < 0 ? NULL : make(export, NULL, "");
  export_count += export->root != NULL;
  return export->root != NULL;
}

struct node *tree_root(const char *name) {
  for (size_t i = 0; i < export_count; i++) {
    if (strcmp(exports[i].name, name) == 0) {
      return tree_keep(exports[i].root);
    }
  }
  return fail_with(ENOENT);
}

struct node *tree_keep(struct node *node) {
  node->references++;
  return node;
}

static uint32_t hash_of(const struct node *directory, const char *name) {
  uint64_t hash = (uintptr_t)directory * 0x9e3779b97f4a7c15u;
  for (; *name; name++) {
    hash = (hash ^ (uint8_t)*name) * 0x100000001b3u;
  }
  return (uint32_t)(hash >> 20);
}

static void hang(struct node *node) {
  node->hash = hash_of(node->parent, node->name);
  struct node **bucket = &buckets[node->hash % BUCKETS];
  node->next = *bucket;
  *bucket = node;
}

static void unhang(struct node *node) {
  struct node **at = &buckets[node->hash % BUCKETS];
  while (*at != node) {
    at = &(*at)->next;
  }
  *at = node->next;
}

static struct node *find(const struct node *directory, const char *name) {
  uint32_t hash = hash_of(directory, name);
  struct node *node = buckets[hash % BUCKETS];
  while (node && (node->hash != hash || node->parent != directory || strcmp(node->name, name) != 0)) {
    node = node->next;
  }
  return node;
}

struct node *tree_child(struct node *directory, const char *name) {
  struct node *node = find(directory, name);
  if (node) {
    return tree_keep(node);
  }
  node = make(directory->export, directory, name);
  if (node) {
    hang(node);
  }
  return node;
}

struct node *tree_parent(struct node *node) {
  return tree_keep(node->parent ? node->parent : node);
}

/* Not by recursion: a path may be deep. */
void tree_drop(struct node *node) {
  while (node && --node->references == 0) {
    struct node *parent = node->parent;
    if (!node->gone) {
      unhang(node);
    }
    if (node->caught >= 0) {
      close(node->caught);
      caught_count--;
    }
    free(node->name);
    free(node);
    node_count--;
    node = parent;
  }
}

/* Puts the path at the end of `path` and returns where it begins. */
static const char *path_of(const struct node *node, char path[PATH_MAX]) {
  size_t at = PATH_MAX - 1;
  path[at] = 0;
  for (; node->parent; node = node->parent) {
    size_t length = strlen(node->name);
    if (node->gone) {
      return fail_with(ENOENT);
    }
    if (length + 1 > at) {
      return fail_with(ENAMETOOLONG);
    }
    at -= length;
    memcpy(path + at, node->name, length);
    path[--at] = '/';
  }
  return path + at + (path[at] == '/');
}

bool tree_path(const struct node *node, char *path, size_t size) {
  char whole[PATH_MAX];
  const char *found = path_of(node, whole);
  if (!found || strlen(found) >= size) {
    errno = found ? ENAMETOOLONG : errno;
    return false;
  }
  strcpy(path, found);
  return true;
}

static int open_caught(const struct node *node, int flags) {
  char itself[32];
  if (flags & O_PATH) {
    return fcntl(node->caught, F_DUPFD_CLOEXEC, 0);
  }
  snprintf(itself, sizeof itself, "/proc/self/fd/%d", node->caught);
  return open(itself, (flags & ~O_NOFOLLOW) | O_CLOEXEC);
}

int tree_open(const struct node *node, int flags) {
  if (node->caught >= 0) {
    return open_caught(node, flags);
  }
  char buffer[PATH_MAX];
  const char *path = path_of(node, buffer);
  if (!path) {
    return -1;
  }
  struct open_how how = {
      .flags = (unsigned)flags | O_CLOEXEC | O_NOFOLLOW,
      .resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS,
  };
  return (int)syscall(SYS_openat2, node->export->directory, *path ? path : ".", &how, sizeof how);
}

int tree_open_parent(const struct node *node, const char **name) {
  if (!node->parent) {
    errno = EBUSY;
    return -1;
  }
  if (node->gone) {
    errno = ENOENT;
    return -1;
  }
  *name = node->name;
  return tree_open(node->parent, O_PATH | O_DIRECTORY);
}

bool tree_is_read_only(const struct node *node) {
  return node->export->read_only;
}

const char *tree_export_name(const struct node *node) {
  return node->export->name;
}

struct node *tree_above(const struct node *node) {
  return node->parent;
}

const char *tree_name(const struct node *node) {
  return node->name;
}

static void lose(struct node *node, int caught) {
  unhang(node);
  node->gone = true;
  node->caught = caught;
  caught_count += caught >= 0;
}

int tree_catch(const struct node *directory, const char *name, int descriptor) {
  if (!find(directory, name) || caught_count >= descriptors_for(CAUGHT)) {
    return -1;
  }
  return openat(descriptor, name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
}

void tree_forget(struct node *directory, const char *name, int caught) {
  struct node *node = find(directory, name);
  if (node) {
    lose(node, caught);
  } else if (caught >= 0) {
    close(caught);
  }
}

static bool is_above(const struct node *node, const struct node *below) {
  while (below && below != node) {
    below = below->parent;
  }
  return below != NULL;
}

void tree_move(struct node *from, const char *name, struct node *to, const char *new_name, int caught) {
  struct node *node = find(from, name);
  if (from == to && strcmp(name, new_name) == 0) {
    if (caught >= 0) {
      close(caught);
    }
    return;
  }
  tree_forget(to, new_name, caught);
  if (!node) {
    return;
  }
  char *renamed = strdup(new_name);
  /*
   * A node is never moved to another export. Nor does the kernel move a directory below itself, but somebody else may
   * have moved things around meanwhile.
   */
  if (!renamed || node->export != to->export || is_above(node, to)) {
    free(renamed);
    lose(node, -1);
    return;
  }
  unhang(node);
  free(node->name);
  node->name = renamed;
  node->parent = tree_keep(to);
  hang(node);
  tree_drop(from);
}

#include "watched.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define BUCKETS (sizeof((struct watched_set *)0)->buckets / sizeof(struct watched *))

static struct watched **bucket(struct watched_set *set, int number) {
  return &set->buckets[(unsigned)number % BUCKETS];
}

static struct watched *make(int number, struct watched *parent, const char *name) {
  size_t length = strlen(name);
  struct watched *made = malloc(sizeof *made + length + 1);
  if (made) {
    *made = (struct watched){.number = number, .parent = parent};
    memcpy(made->name, name, length + 1);
  }
  return made;
}

static void link_in(struct watched_set *set, struct watched *one) {
  struct watched **head = bucket(set, one->number);
  one->next = *head;
  *head = one;
  set->count++;
}

static void unlink_from(struct watched_set *set, struct watched *one) {
  struct watched **at = bucket(set, one->number);
  while (*at != one) {
    at = &(*at)->next;
  }
  *at = one->next;
  set->count--;
}

struct watched *watched_find(const struct watched_set *set, int number) {
  struct watched *at = set->buckets[(unsigned)number % BUCKETS];
  while (at && at->number != number) {
    at = at->next;
  }
  return at;
}

struct watched *watched_add(struct watched_set *set, int number, struct watched *parent, const char *name) {
  if (watched_find(set, number)) {
    errno = EEXIST;
    return NULL;
  }
  errno = ENOSPC;
  struct watched *made = set->count < MAX_WATCHED ? make(number, parent, name) : NULL;
  if (made) {
    link_in(set, made);
  }
  return made;
}

struct watched *watched_child(const struct watched_set *set, const struct watched *parent, const char *name) {
  for (size_t i = 0; i < BUCKETS; i++) {
    for (struct watched *at = set->buckets[i]; at; at = at->next) {
      if (at->parent == parent && strcmp(at->name, name) == 0) {
        return at;
      }
    }
  }
  return NULL;
}

struct watched *watched_to_scan(const struct watched_set *set) {
  for (size_t i = 0; i < BUCKETS; i++) {
    for (struct watched *at = set->buckets[i]; at; at = at->next) {
      if (at->to_scan) {
        return at;
      }
    }
  }
  return NULL;
}

static bool is_below(const struct watched *one, const struct watched *top) {
  while (one && one != top) {
    one = one->parent;
  }
  return one == top;
}

struct watched *watched_move(struct watched_set *set, struct watched *moved, struct watched *parent, const char *name) {
  struct watched *made = is_below(parent, moved) ? NULL : make(moved->number, parent, name);
  if (!made) {
    return NULL;
  }
  made->to_scan = moved->to_scan;
  made->fresh = moved->fresh;
  for (size_t i = 0; i < BUCKETS; i++) {
    for (struct watched *at = set->buckets[i]; at; at = at->next) {
      if (at->parent == moved) {
        at->parent = made;
      }
    }
  }
  unlink_from(set, moved);
  free(moved);
  link_in(set, made);
  return made;
}

void watched_remove(struct watched_set *set, struct watched *top, void (*gone)(int number, void *with), void *with) {
  struct watched *doomed = NULL; /* freed at the end only: until then each leads to the top */
  for (size_t i = 0; i < BUCKETS; i++) {
    struct watched **at = &set->buckets[i];
    while (*at) {
      struct watched *one = *at;
      if (is_below(one, top)) {
        *at = one->next;
        set->count--;
        one->next = doomed;
        doomed = one;
      } else {
        at = &one->next;
      }
    }
  }
  while (doomed) {
    struct watched *next = doomed->next;
    gone(doomed->number, with);
    free(doomed);
    doomed = next;
  }
}

void watched_clear(struct watched_set *set) {
  for (size_t i = 0; i < BUCKETS; i++) {
    while (set->buckets[i]) {
      struct watched *next = set->buckets[i]->next;
      free(set->buckets[i]);
      set->buckets[i] = next;
    }
  }
  set->count = 0;
}

static bool prepend(char path[WATCHED_PATH], size_t *start, const char *name) {
  size_t length = strlen(name);
  bool slash = *start < WATCHED_PATH - 1;
  if (length == 0) {
    return true; /* the workspace itself */
  }
  if (length + slash > *start) {
    return false;
  }
  if (slash) {
    path[--*start] = '/';
  }
  *start -= length;
  memcpy(path + *start, name, length);
  return true;
}

size_t watched_path(const struct watched *directory, const char *name, char path[WATCHED_PATH]) {
  size_t start = WATCHED_PATH - 1;
  path[start] = 0;
  if (name && !prepend(path, &start, name)) {
    return 0;
  }
  for (; directory; directory = directory->parent) {
    if (!prepend(path, &start, directory->name)) {
      return 0;
    }
  }
  size_t length = WATCHED_PATH - 1 - start;
  memmove(path, path + start, length + 1);
  return length;
}

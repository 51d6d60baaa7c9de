/*
 * The directories that one WATCH looks at, by the number that inotify knows each by. A directory knows its parent and
 * its name there, so a rename of one moves all below it.
 */
#ifndef HOLDFAST_WATCHED_H
#define HOLDFAST_WATCHED_H

#include <stdbool.h>
#include <stddef.h>

#define MAX_WATCHED 8192u /* directories of one WATCH */
#define WATCHED_PATH 4096u

struct watched {
  int number;
  bool to_scan; /* what is in it has not been looked at yet */
  bool fresh;   /* it came while it was watched for: what is in it is told */
  struct watched *parent;
  struct watched *next;
  char name[];
};

struct watched_set {
  unsigned count;
  struct watched *buckets[1024];
};

/* A new one, or NULL with errno: ENOSPC for too many, EEXIST for a number that is there. */
struct watched *watched_add(struct watched_set *set, int number, struct watched *parent, const char *name);
struct watched *watched_find(const struct watched_set *set, int number);
struct watched *watched_child(const struct watched_set *set, const struct watched *parent, const char *name);
/* One that is still to be scanned; NULL for none. */
struct watched *watched_to_scan(const struct watched_set *set);
/* The same directory at another place: NULL for want of memory, or where it would be below itself. */
struct watched *watched_move(struct watched_set *set, struct watched *moved, struct watched *parent, const char *name);
/* Removes it and all below it, telling each number. */
void watched_remove(struct watched_set *set, struct watched *top, void (*gone)(int number, void *with), void *with);
void watched_clear(struct watched_set *set);

/* The path of `name` in the directory, or of the directory for NULL; 0 when it is too long. */
size_t watched_path(const struct watched *directory, const char *name, char path[WATCHED_PATH]);

#endif

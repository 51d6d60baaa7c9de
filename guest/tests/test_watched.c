/* Directories that are watched: their paths follow renames, and nothing that is told makes a circle of them. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "../src/watched.h"
#include "check.h"

static struct watched_set set;
static unsigned forgotten;

static void forget(int number, void *with) {
  (void)with;
  forgotten += (unsigned)number;
}

static bool is_at(const struct watched *directory, const char *name, const char *expected) {
  char path[WATCHED_PATH];
  return watched_path(directory, name, path) == strlen(expected) && strcmp(path, expected) == 0;
}

static void paths_follow_renames(void) {
  struct watched *root = watched_add(&set, 1, NULL, "");
  struct watched *a = watched_add(&set, 2, root, "a");
  struct watched *b = watched_add(&set, 1026, a, "b"); /* of the bucket that 2 is in */
  CHECK(is_at(root, NULL, "") && is_at(root, "x", "x") && is_at(b, NULL, "a/b") && is_at(b, "f", "a/b/f"));
  CHECK(!watched_add(&set, 2, root, "again") && errno == EEXIST);
  CHECK(watched_child(&set, a, "b") == b && !watched_child(&set, a, "c"));

  CHECK(!watched_move(&set, a, b, "a") && !watched_move(&set, a, a, "a")); /* not below itself */
  a = watched_move(&set, a, root, "renamed");
  CHECK(a && watched_find(&set, 2) == a && set.count == 3 && is_at(b, NULL, "renamed/b"));
  b = watched_move(&set, b, root, "b");
  a = watched_move(&set, a, b, "a");
  CHECK(is_at(a, "f", "b/a/f"));

  watched_remove(&set, b, forget, NULL);
  CHECK(forgotten == 1026 + 2 && set.count == 1 && !watched_find(&set, 2));
}

static void scans_are_remembered(void) {
  struct watched *one = watched_add(&set, 7, watched_find(&set, 1), "one");
  CHECK(!watched_to_scan(&set));
  one->to_scan = true;
  CHECK(watched_to_scan(&set) == one);
  one = watched_move(&set, one, watched_find(&set, 1), "two");
  CHECK(one && watched_to_scan(&set) == one);
}

static void too_long_and_too_many(void) {
  char name[256];
  memset(name, 'n', 255);
  name[255] = 0;
  struct watched *at = watched_find(&set, 1);
  for (int i = 0; i < 20; i++) {
    at = watched_add(&set, 100 + i, at, name);
    CHECK(at);
  }
  char path[WATCHED_PATH];
  CHECK(watched_path(at, NULL, path) == 0 && watched_path(at, "x", path) == 0);
  while (set.count < MAX_WATCHED) {
    CHECK(watched_add(&set, 10000 + (int)set.count, watched_find(&set, 1), "d"));
  }
  CHECK(!watched_add(&set, 9, watched_find(&set, 1), "d") && errno == ENOSPC);
  watched_clear(&set);
  CHECK(set.count == 0 && !watched_find(&set, 1));
}

int main(void) {
  paths_follow_renames();
  scans_are_remembered();
  too_long_and_too_many();
  return 0;
}

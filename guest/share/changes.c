/* Changing names and attributes. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "operation.h"

/* Which attributes are to be set. */
enum {
  SET_MODE = 1,
  SET_OWNER = 2,
  SET_GROUP = 4,
  SET_SIZE = 8,
  SET_ACCESSED = 0x10,
  SET_MODIFIED = 0x20,
  SET_ACCESSED_TO = 0x80,  /* a time that is given; otherwise now */
  SET_MODIFIED_TO = 0x100,
};

#define REMOVE_DIRECTORY AT_REMOVEDIR /* the protocol took Linux's number */

struct attributes {
  uint32_t set;
  mode_t mode;
  uint32_t owner;
  uint32_t group;
  uint64_t size;
  struct timespec times[2]; /* accessed, modified */
};

static struct timespec take_time(struct cursor *in) {
  struct timespec time;
  time.tv_sec = (time_t)take_u64(in);
  time.tv_nsec = (long)take_u64(in);
  return time;
}

static struct attributes take_attributes(struct cursor *in) {
  struct attributes wanted;
  wanted.set = take_u32(in);
  wanted.mode = take_u32(in) & MODES;
  wanted.owner = take_u32(in);
  wanted.group = take_u32(in);
  wanted.size = take_u64(in);
  wanted.times[0] = take_time(in);
  wanted.times[1] = take_time(in);
  return wanted;
}

/* A name of the very file, for calls that take no descriptor which only names it. */
struct alias {
  char path[32];
};

static struct alias alias_of(int descriptor) {
  struct alias alias;
  snprintf(alias.path, sizeof alias.path, "/proc/self/fd/%d", descriptor);
  return alias;
}

/* Who has opened a file for writing may cut it, whatever its mode is by now. */
static int set_size(const struct fid *fid, int descriptor, off_t size) {
  bool writable = fid->open >= 0 && (fid->flags & O_ACCMODE) != O_RDONLY;
  return writable ? ftruncate(fid->open, size) : truncate(alias_of(descriptor).path, size);
}

static int set_owner(int descriptor, const struct attributes *wanted) {
  uid_t owner = wanted->set & SET_OWNER ? wanted->owner : (uid_t)-1;
  gid_t group = wanted->set & SET_GROUP ? wanted->group : (gid_t)-1;
  return fchownat(descriptor, "", owner, group, AT_EMPTY_PATH);
}

static void settle_time(struct timespec *time, uint32_t set, uint32_t now, uint32_t given) {
  if (!(set & now)) {
    time->tv_nsec = UTIME_OMIT;
  } else if (!(set & given)) {
    time->tv_nsec = UTIME_NOW;
  }
}

static int set_times(int descriptor, struct attributes *wanted) {
  settle_time(&wanted->times[0], wanted->set, SET_ACCESSED, SET_ACCESSED_TO);
  settle_time(&wanted->times[1], wanted->set, SET_MODIFIED, SET_MODIFIED_TO);
  return utimensat(descriptor, "", wanted->times, AT_EMPTY_PATH);
}

/* The size before the mode, which may forbid it, and the times last, as the others move them. */
static int set_all(const struct fid *fid, int descriptor, struct attributes *wanted) {
  uint32_t set = wanted->set;
  if ((set & SET_SIZE) && set_size(fid, descriptor, (off_t)wanted->size) != 0) {
    return errno;
  }
  if ((set & SET_MODE) && chmod(alias_of(descriptor).path, wanted->mode) != 0) {
    return errno;
  }
  if ((set & (SET_OWNER | SET_GROUP)) && set_owner(descriptor, wanted) != 0) {
    return errno;
  }
  if ((set & (SET_ACCESSED | SET_MODIFIED)) && set_times(descriptor, wanted) != 0) {
    return errno;
  }
  return 0;
}

int set_attributes(struct cursor *in, struct reply *out) {
  (void)out;
  uint32_t number = take_u32(in);
  struct attributes wanted = take_attributes(in);
  if (!taken_whole(in)) {
    return BREACH;
  }
  struct fid *fid;
  int error = fid_to_change(number, &fid);
  if (error) {
    return error;
  }
  int descriptor = reach(fid);
  if (descriptor < 0) {
    return errno;
  }
  error = set_all(fid, descriptor, &wanted);
  let_go(fid, descriptor);
  return error;
}

/* After a call that made `name`: its qid, or why not. */
static int made(const struct place *place, const char *name, int result, struct reply *out) {
  if (result != 0) {
    int error = errno;
    close(place->directory);
    return error;
  }
  return place_made(place, name, out);
}

int make_directory(struct cursor *in, struct reply *out) {
  uint32_t number = take_u32(in);
  const char *name = take_name(in);
  mode_t mode = take_u32(in) & MODES;
  take_u32(in); /* group */
  if (!taken_whole(in)) {
    return BREACH;
  }
  struct place place;
  int error = place_open(&place, number, name);
  return error ? error : made(&place, name, mkdirat(place.directory, name, mode), out);
}

int make_node(struct cursor *in, struct reply *out) {
  uint32_t number = take_u32(in);
  const char *name = take_name(in);
  mode_t mode = take_u32(in) & (S_IFMT | MODES);
  take_u32(in); /* major */
  take_u32(in); /* minor */
  take_u32(in); /* group */
  if (!taken_whole(in)) {
    return BREACH;
  }
  if (!S_ISFIFO(mode) && !S_ISSOCK(mode) && !S_ISREG(mode)) {
    return EPERM;
  }
  struct place place;
  int error = place_open(&place, number, name);
  return error ? error : made(&place, name, mknodat(place.directory, name, mode, 0), out);
}

int make_symbolic_link(struct cursor *in, struct reply *out) {
  uint32_t number = take_u32(in);
  const char *name = take_name(in);
  const char *target = take_string(in);
  take_u32(in); /* group */
  if (!taken_whole(in)) {
    return BREACH;
  }
  struct place place;
  int error = place_open(&place, number, name);
  return error ? error : made(&place, name, symlinkat(target, place.directory, name), out);
}

/* By its name: to link what a descriptor names takes a right that the server does not have. */
static int link_into(const struct place *place, const struct fid *file, const char *name) {
  const char *old_name;
  int directory = tree_open_parent(file->node, &old_name);
  if (directory < 0) {
    return errno;
  }
  int error = linkat(directory, old_name, place->directory, name, 0) == 0 ? 0 : errno;
  close(directory);
  return error;
}

int make_link(struct cursor *in, struct reply *out) {
  (void)out;
  uint32_t number = take_u32(in);
  uint32_t file_number = take_u32(in);
  const char *name = take_name(in);
  if (!taken_whole(in)) {
    return BREACH;
  }
  struct fid *file;
  struct place place;
  int error = fid_of(file_number, &file);
  if (!error) {
    error = place_open(&place, number, name);
  }
  if (error) {
    return error;
  }
  error = link_into(&place, file, name);
  close(place.directory);
  return error;
}

static void drop_caught(int caught) {
  if (caught >= 0) {
    close(caught);
  }
}

static int rename_name(struct node *from, int directory, const char *name, const struct place *to,
                       const char *new_name) {
  int caught = tree_catch(to->fid->node, new_name, to->directory);
  if (renameat(directory, name, to->directory, new_name) == 0) {
    tree_move(from, name, to->fid->node, new_name, caught);
    return 0;
  }
  int error = errno;
  drop_caught(caught);
  return error;
}

int rename_file(struct cursor *in, struct reply *out) {
  (void)out;
  uint32_t number = take_u32(in);
  uint32_t directory_number = take_u32(in);
  const char *name = take_name(in);
  if (!taken_whole(in)) {
    return BREACH;
  }
  struct fid *fid;
  struct place to;
  int error = fid_to_change(number, &fid);
  if (!error) {
    error = place_open(&to, directory_number, name);
  }
  if (error) {
    return error;
  }
  const char *old_name;
  int from = tree_open_parent(fid->node, &old_name);
  if (from < 0) {
    error = errno;
  } else {
    error = rename_name(tree_above(fid->node), from, old_name, &to, name);
    close(from);
  }
  close(to.directory);
  return error;
}

int rename_at(struct cursor *in, struct reply *out) {
  (void)out;
  uint32_t number = take_u32(in);
  const char *name = take_name(in);
  uint32_t new_number = take_u32(in);
  const char *new_name = take_name(in);
  if (!taken_whole(in)) {
    return BREACH;
  }
  struct place from;
  struct place to;
  int error = place_open(&from, number, name);
  if (error) {
    return error;
  }
  error = place_open(&to, new_number, new_name);
  if (error) {
    close(from.directory);
    return error;
  }
  error = rename_name(from.fid->node, from.directory, name, &to, new_name);
  close(from.directory);
  close(to.directory);
  return error;
}

static int remove_name(struct node *from, int directory, const char *name, int flags) {
  int caught = tree_catch(from, name, directory);
  if (unlinkat(directory, name, flags) == 0) {
    tree_forget(from, name, caught);
    return 0;
  }
  int error = errno;
  drop_caught(caught);
  return error;
}

int unlink_at(struct cursor *in, struct reply *out) {
  (void)out;
  uint32_t number = take_u32(in);
  const char *name = take_name(in);
  uint32_t flags = take_u32(in);
  if (!taken_whole(in)) {
    return BREACH;
  }
  struct place place;
  int error = place_open(&place, number, name);
  if (error) {
    return error;
  }
  error = remove_name(place.fid->node, place.directory, name, flags & REMOVE_DIRECTORY);
  close(place.directory);
  return error;
}

static int remove_named(const struct node *node) {
  const char *name;
  int directory = tree_open_parent(node, &name);
  if (directory < 0) {
    return errno;
  }
  int error = remove_name(tree_above(node), directory, name, 0);
  if (error == EISDIR) {
    error = remove_name(tree_above(node), directory, name, AT_REMOVEDIR);
  }
  close(directory);
  return error;
}

/* The fid is gone afterwards, whatever came of it. */
int remove_file(struct cursor *in, struct reply *out) {
  (void)out;
  uint32_t number = take_u32(in);
  if (!taken_whole(in)) {
    return BREACH;
  }
  struct fid *fid;
  int error = fid_to_change(number, &fid);
  if (!error) {
    error = remove_named(fid->node);
  }
  if (fid) {
    fid_remove(fid);
  }
  return error;
}

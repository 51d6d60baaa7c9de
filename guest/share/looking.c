/* Finding files and telling what they are. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/statfs.h>
#include <unistd.h>

#include "message.h"
#include "operation.h"
#include "qid.h"

#define BASIC_ATTRIBUTES 0x7ff /* all that stat has */

static int qid_of_node(const struct node *node, struct qid *qid) {
  struct stat file;
  int descriptor = tree_open(node, O_PATH);
  if (descriptor < 0) {
    return errno;
  }
  int error = fstat(descriptor, &file) == 0 ? qid_of(&file, qid) : errno;
  close(descriptor);
  return error;
}

int attach(struct cursor *in, struct reply *out) {
  uint32_t number = take_u32(in);
  uint32_t authenticated = take_u32(in);
  take_string(in); /* the user's name; what may be done is decided by whom the server runs as */
  const char *export_name = take_string(in);
  take_u32(in);
  if (!taken_whole(in)) {
    return BREACH;
  }
  if (authenticated != NO_FID) {
    return EOPNOTSUPP;
  }
  struct node *root = tree_root(export_name);
  if (!root) {
    return errno;
  }
  struct qid qid;
  int error = qid_of_node(root, &qid);
  if (error) {
    tree_drop(root);
    return error;
  }
  put_qid(out, &qid);
  return fid_add(number, root) ? 0 : errno;
}

/* From a node to what a name in it names. */
static int step(struct node **node, const char *name, struct qid *qid) {
  if (strlen(name) > NAME_MAX) {
    return ENAMETOOLONG;
  }
  struct node *next = strcmp(name, "..") == 0 ? tree_parent(*node) : tree_child(*node, name);
  if (!next) {
    return errno;
  }
  int error = qid_of_node(next, qid);
  if (error) {
    tree_drop(next);
    return error;
  }
  tree_drop(*node);
  *node = next;
  return 0;
}

static int arrive(struct fid *fid, uint32_t new_number, struct node *node) {
  if (fid->number == new_number) {
    fid_point(fid, node);
    return 0;
  }
  return fid_add(new_number, node) ? 0 : errno;
}

/* A walk that ends on the way tells how far it came, and makes no fid. */
static int walk_from(struct fid *fid, uint32_t new_number, const char **names, unsigned count, struct reply *out) {
  struct node *node = tree_keep(fid->node);
  int error = 0;
  unsigned done = 0;
  size_t count_at = out->length;
  put_u16(out, 0);
  for (; done < count; done++) {
    struct qid qid;
    error = step(&node, names[done], &qid);
    if (error) {
      break;
    }
    put_qid(out, &qid);
  }
  out->bytes[count_at] = (uint8_t)done;
  if (error) {
    tree_drop(node);
    return done > 0 ? 0 : error;
  }
  return arrive(fid, new_number, node);
}

int walk(struct cursor *in, struct reply *out) {
  const char *names[MAX_WALK];
  uint32_t number = take_u32(in);
  uint32_t new_number = take_u32(in);
  unsigned count = take_u16(in);
  if (count > MAX_WALK) {
    return BREACH;
  }
  for (unsigned i = 0; i < count; i++) {
    names[i] = take_name(in);
  }
  if (!taken_whole(in)) {
    return BREACH;
  }
  struct fid *fid;
  int error = fid_of(number, &fid);
  if (error) {
    return error;
  }
  if (number == new_number ? fid->open >= 0 : fid_find(new_number) != NULL) {
    return EBADF;
  }
  return walk_from(fid, new_number, names, count, out);
}

static void put_time(struct reply *out, const struct timespec *time) {
  put_u64(out, (uint64_t)time->tv_sec);
  put_u64(out, (uint64_t)time->tv_nsec);
}

static void put_attributes(struct reply *out, const struct stat *file, const struct qid *qid) {
  static const struct timespec unknown;
  put_u64(out, BASIC_ATTRIBUTES);
  put_qid(out, qid);
  put_u32(out, file->st_mode);
  put_u32(out, file->st_uid);
  put_u32(out, file->st_gid);
  put_u64(out, file->st_nlink);
  put_u64(out, file->st_rdev);
  put_u64(out, (uint64_t)file->st_size);
  put_u64(out, (uint64_t)file->st_blksize);
  put_u64(out, (uint64_t)file->st_blocks);
  put_time(out, &file->st_atim);
  put_time(out, &file->st_mtim);
  put_time(out, &file->st_ctim);
  put_time(out, &unknown); /* of birth */
  put_u64(out, 0);         /* generation */
  put_u64(out, 0);         /* version of the data */
}

int get_attributes(struct cursor *in, struct reply *out) {
  uint32_t number = take_u32(in);
  take_u64(in); /* which are wanted: all are given */
  if (!taken_whole(in)) {
    return BREACH;
  }
  struct fid *fid;
  int descriptor;
  int error = reach_fid(number, &fid, &descriptor);
  if (error) {
    return error;
  }
  struct stat file;
  struct qid qid;
  error = fstat(descriptor, &file) == 0 ? qid_of(&file, &qid) : errno;
  let_go(fid, descriptor);
  if (!error) {
    put_attributes(out, &file, &qid);
  }
  return error;
}

static void put_file_system(struct reply *out, const struct statfs *found) {
  uint32_t id[2];
  memcpy(id, &found->f_fsid, sizeof id);
  put_u32(out, (uint32_t)found->f_type);
  put_u32(out, (uint32_t)found->f_bsize);
  put_u64(out, found->f_blocks);
  put_u64(out, found->f_bfree);
  put_u64(out, found->f_bavail);
  put_u64(out, found->f_files);
  put_u64(out, found->f_ffree);
  put_u32(out, id[0]);
  put_u32(out, id[1]);
  put_u32(out, (uint32_t)found->f_namelen);
}

int file_system(struct cursor *in, struct reply *out) {
  uint32_t number = take_u32(in);
  if (!taken_whole(in)) {
    return BREACH;
  }
  struct fid *fid;
  int descriptor;
  int error = reach_fid(number, &fid, &descriptor);
  if (error) {
    return error;
  }
  struct statfs found;
  error = fstatfs(descriptor, &found) == 0 ? 0 : errno;
  let_go(fid, descriptor);
  if (!error) {
    put_file_system(out, &found);
  }
  return error;
}

int read_link(struct cursor *in, struct reply *out) {
  uint32_t number = take_u32(in);
  if (!taken_whole(in)) {
    return BREACH;
  }
  struct fid *fid;
  int descriptor;
  int error = reach_fid(number, &fid, &descriptor);
  if (error) {
    return error;
  }
  char target[PATH_MAX];
  ssize_t length = readlinkat(descriptor, "", target, sizeof target - 1);
  error = length < 0 ? errno : 0;
  let_go(fid, descriptor);
  if (error) {
    return error == ENOENT ? EINVAL : error; /* ENOENT is how the kernel says that it is no link */
  }
  target[length] = 0;
  put_string(out, target);
  return 0;
}

static int put_entries(struct reply *out, const uint8_t *entries, size_t length, dev_t device) {
  for (size_t at = 0; at < length;) {
    const struct dirent64 *entry = (const void *)(entries + at);
    struct stat file = {.st_dev = device, .st_ino = entry->d_ino, .st_mode = DTTOIF(entry->d_type)};
    struct qid qid;
    int error = qid_of(&file, &qid);
    if (error) {
      return error;
    }
    put_qid(out, &qid);
    put_u64(out, (uint64_t)entry->d_off);
    put_u8(out, entry->d_type);
    put_string(out, entry->d_name);
    at += entry->d_reclen;
  }
  return 0;
}

/* The most that the kernel may give, so that it fits in the reply: an entry of 24 bytes becomes one of 28 at worst. */
static size_t most_entries(size_t room_for) {
  return room_for / 28 * 24;
}

int read_directory(struct cursor *in, struct reply *out) {
  static uint8_t entries[64 << 10] __attribute__((aligned(8)));
  uint32_t number = take_u32(in);
  uint64_t offset = take_u64(in);
  size_t count = take_u32(in);
  if (!taken_whole(in)) {
    return BREACH;
  }
  struct fid *fid;
  int error = fid_of(number, &fid);
  if (error) {
    return error;
  }
  struct stat directory;
  if (fid->open < 0 || fstat(fid->open, &directory) != 0) {
    return EBADF;
  }
  put_u32(out, 0);
  size_t most = most_entries(count < room(out) ? count : room(out));
  if (lseek(fid->open, (off_t)offset, SEEK_SET) < 0) {
    return errno;
  }
  ssize_t length = getdents64(fid->open, entries, most < sizeof entries ? most : sizeof entries);
  if (length < 0) {
    return errno;
  }
  error = put_entries(out, entries, (size_t)length, directory.st_dev);
  put_u32_at(out, HEADER, (uint32_t)(out->length - DATA_HEADER));
  return error;
}

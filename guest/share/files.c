/* Open files. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "message.h"
#include "operation.h"
#include "qid.h"

/* Should a fifo or a terminal be there by now, opening it neither waits nor makes it ours. */
#define CAREFULLY (O_NONBLOCK | O_NOCTTY | O_NOFOLLOW | O_CLOEXEC)

enum { LOCKED = 0, UNLOCKED_TYPE = 2 };

static int put_opened(struct reply *out, const struct stat *file) {
  struct qid qid;
  int error = qid_of(file, &qid);
  put_qid(out, &qid);
  put_u32(out, 0); /* as much at once as a message holds */
  return error;
}

bool opens_to_change(int flags) {
  return (flags & O_ACCMODE) != O_RDONLY || (flags & O_TRUNC);
}

int open_plain(const struct node *node, int flags, struct stat *file) {
  int descriptor = tree_open(node, flags | CAREFULLY);
  if (descriptor < 0) {
    return -1;
  }
  int error = fstat(descriptor, file) == 0 ? 0 : errno;
  if (!error && !S_ISREG(file->st_mode) && !S_ISDIR(file->st_mode)) {
    error = ENXIO; /* fifos and sockets are the client's kernel's own, and only their names are here */
  }
  if (error) {
    close(descriptor);
    errno = error;
    return -1;
  }
  return descriptor;
}

static int open_found(struct fid *fid, int flags, struct reply *out) {
  struct stat file;
  int descriptor = open_plain(fid->node, flags, &file);
  if (descriptor < 0) {
    return errno;
  }
  int error = fid_set_open(fid, descriptor, flags);
  return error ? error : put_opened(out, &file);
}

int open_file(struct cursor *in, struct reply *out) {
  uint32_t number = take_u32(in);
  int flags = (int)take_u32(in) & OPEN_FLAGS;
  if (!taken_whole(in)) {
    return BREACH;
  }
  struct fid *fid;
  int error = opens_to_change(flags) ? fid_to_change(number, &fid) : fid_of(number, &fid);
  if (error) {
    return error;
  }
  if (fid->open >= 0) {
    return EBADF;
  }
  return (flags & O_ACCMODE) == O_ACCMODE ? EINVAL : open_found(fid, flags, out);
}

/* The fid becomes that of the new file. */
static int become_open(struct fid *fid, const char *name, int descriptor, int flags, struct reply *out) {
  struct stat file;
  int error = fstat(descriptor, &file) == 0 ? 0 : errno;
  if (!error && !S_ISREG(file.st_mode)) {
    error = EEXIST;
  }
  struct node *node = error ? NULL : tree_child(fid->node, name);
  if (!node) {
    error = error ? error : errno;
    close(descriptor);
    return error;
  }
  error = fid_set_open(fid, descriptor, flags);
  if (error) {
    tree_drop(node);
    return error;
  }
  fid_point(fid, node);
  return put_opened(out, &file);
}

int create_file(struct cursor *in, struct reply *out) {
  uint32_t number = take_u32(in);
  const char *name = take_name(in);
  int flags = (int)take_u32(in) & (OPEN_FLAGS | O_EXCL);
  mode_t mode = take_u32(in) & MODES;
  take_u32(in); /* the group is the server's */
  if (!taken_whole(in)) {
    return BREACH;
  }
  struct place place;
  int error = place_open(&place, number, name);
  if (error) {
    return error;
  }
  bool refused = place.fid->open >= 0 || (flags & O_ACCMODE) == O_ACCMODE;
  int descriptor = refused ? -1 : openat(place.directory, name, flags | O_CREAT | CAREFULLY, mode);
  error = refused ? EBADF : errno;
  close(place.directory);
  return descriptor < 0 ? error : become_open(place.fid, name, descriptor, flags & ~O_EXCL, out);
}

static int open_fid(uint32_t number, struct fid **fid) {
  int error = fid_of(number, fid);
  return error ? error : (*fid)->open < 0 ? EBADF : 0;
}

int read_file(struct cursor *in, struct reply *out) {
  uint32_t number = take_u32(in);
  uint64_t offset = take_u64(in);
  size_t count = take_u32(in);
  if (!taken_whole(in)) {
    return BREACH;
  }
  struct fid *fid;
  int error = open_fid(number, &fid);
  if (error) {
    return error;
  }
  put_u32(out, 0);
  ssize_t length =
      pread(fid->open, out->bytes + out->length, count < room(out) ? count : room(out), (off_t)offset);
  if (length < 0) {
    return errno;
  }
  out->length += (size_t)length;
  put_u32_at(out, HEADER, (uint32_t)length);
  return 0;
}

int write_file(struct cursor *in, struct reply *out) {
  uint32_t number = take_u32(in);
  uint64_t offset = take_u64(in);
  size_t count = take_u32(in);
  const uint8_t *bytes = take_bytes(in, count);
  if (!taken_whole(in)) {
    return BREACH;
  }
  struct fid *fid;
  int error = open_fid(number, &fid);
  if (error) {
    return error;
  }
  ssize_t length = pwrite(fid->open, bytes, count, (off_t)offset);
  if (length < 0) {
    return errno;
  }
  put_u32(out, (uint32_t)length);
  return 0;
}

int sync_file(struct cursor *in, struct reply *out) {
  (void)out;
  uint32_t number = take_u32(in);
  bool data_only = take_u32(in) != 0;
  if (!taken_whole(in)) {
    return BREACH;
  }
  struct fid *fid;
  int error = open_fid(number, &fid);
  if (error) {
    return error;
  }
  return (data_only ? fdatasync(fid->open) : fsync(fid->open)) == 0 ? 0 : errno;
}

/* The client's kernel has settled it among its programs, and there is no other client. */
int lock_file(struct cursor *in, struct reply *out) {
  uint32_t number = take_u32(in);
  take_u8(in);  /* type */
  take_u32(in); /* flags */
  take_u64(in); /* start */
  take_u64(in); /* length */
  take_u32(in); /* process */
  take_string(in);
  if (!taken_whole(in)) {
    return BREACH;
  }
  struct fid *fid;
  int error = open_fid(number, &fid);
  put_u8(out, LOCKED);
  return error;
}

int get_lock(struct cursor *in, struct reply *out) {
  uint32_t number = take_u32(in);
  take_u8(in);
  uint64_t start = take_u64(in);
  uint64_t length = take_u64(in);
  uint32_t process = take_u32(in);
  const char *client = take_string(in);
  if (!taken_whole(in)) {
    return BREACH;
  }
  struct fid *fid;
  int error = open_fid(number, &fid);
  if (error) {
    return error;
  }
  if (strlen(client) > MIN_MESSAGE / 2) {
    return ENAMETOOLONG;
  }
  put_u8(out, UNLOCKED_TYPE);
  put_u64(out, start);
  put_u64(out, length);
  put_u32(out, process);
  put_string(out, client);
  return 0;
}

#include "session.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bytes.h"
#include "fail.h"
#include "fids.h"
#include "message.h"
#include "operation.h"
#include "qid.h"
#include "serve.h"

#define MAGIC "HFSHARE1"
#define MAGIC_BYTES 8

enum { STALE, NAMED, OPEN };

/* Whether the fid's name still leads to what the fid stands for; `type` is what that is. */
static bool has_its_name(const struct fid *fid, uint32_t *type) {
  struct stat named, open;
  int descriptor = fid->node ? tree_open(fid->node, O_PATH) : -1;
  if (descriptor < 0) {
    return false;
  }
  bool same = fstat(descriptor, &named) == 0;
  close(descriptor);
  if (same && fid->open >= 0) {
    same = fstat(fid->open, &open) == 0 && open.st_dev == named.st_dev && open.st_ino == named.st_ino;
  }
  if (same) {
    *type = named.st_mode & S_IFMT;
  }
  return same;
}

static void save_fid(const struct fid *fid, void *file) {
  uint8_t bytes[PATH_MAX + 512];
  char path[PATH_MAX];
  struct reply out = {.bytes = bytes, .size = sizeof bytes};
  uint32_t type;
  put_u32(&out, fid->number);
  if (!has_its_name(fid, &type) || !tree_path(fid->node, path, sizeof path)) {
    put_u8(&out, STALE);
  } else {
    put_u8(&out, fid->open >= 0 ? OPEN : NAMED);
    put_string(&out, tree_export_name(fid->node));
    put_string(&out, path);
    put_u32(&out, type);
    put_u32(&out, (uint32_t)fid->flags);
  }
  fwrite(bytes, 1, out.length, file);
}

char *session_save(size_t *length) {
  uint8_t bytes[32];
  char *saved = NULL;
  FILE *file = open_memstream(&saved, length);
  if (!file) {
    return NULL;
  }
  struct reply out = {.bytes = bytes, .size = sizeof bytes};
  put_bytes(&out, MAGIC, MAGIC_BYTES);
  put_u32(&out, serve_longest());
  put_u16(&out, qid_next_range());
  put_u32(&out, fids_count());
  fwrite(bytes, 1, out.length, file);
  fids_each(save_fid, file);
  bool failed = ferror(file) != 0;
  if (fclose(file) != 0 || failed) {
    free(saved);
    errno = ENOMEM;
    return NULL;
  }
  return saved;
}

/* The node of a path that the server itself could have saved; NULL for any other. */
static struct node *node_of(const char *export_name, char *path) {
  struct node *node = tree_root(export_name);
  for (char *rest = path; node && rest && *path;) {
    char *name = strsep(&rest, "/");
    bool plain = *name && strlen(name) <= NAME_MAX && strcmp(name, ".") != 0 && strcmp(name, "..") != 0;
    struct node *child = plain ? tree_child(node, name) : NULL;
    tree_drop(node);
    node = child;
  }
  return node;
}

/* The type of what is there now. */
static uint32_t type_of(const struct node *node) {
  struct stat file;
  int descriptor = tree_open(node, O_PATH);
  bool known = descriptor >= 0 && fstat(descriptor, &file) == 0;
  close(descriptor);
  return known ? file.st_mode & S_IFMT : 0;
}

static bool open_again(struct fid *fid, int flags) {
  struct stat file;
  int descriptor = open_plain(fid->node, flags, &file);
  return descriptor >= 0 && fid_set_open(fid, descriptor, flags) == 0;
}

static bool take_living(struct cursor *in, uint32_t number, bool open) {
  const char *export_name = take_string(in);
  char *path = (char *)take_string(in);
  uint32_t type = take_u32(in);
  int flags = (int)take_u32(in);
  struct node *node = in->bad || (flags & ~OPEN_FLAGS) ? NULL : node_of(export_name, path);
  struct fid *fid = node ? fid_add(number, node) : NULL;
  if (!fid || (tree_is_read_only(fid->node) && opens_to_change(flags))) {
    return false;
  }
  if (type_of(fid->node) != type || (open && !open_again(fid, flags & ~O_TRUNC))) {
    fid_point(fid, NULL);
  }
  return true;
}

static bool take_fid(struct cursor *in) {
  uint32_t number = take_u32(in);
  uint8_t state = take_u8(in);
  if (in->bad || state > OPEN) {
    return false;
  }
  return state == STALE ? fid_add(number, NULL) != NULL : take_living(in, number, state == OPEN);
}

bool session_take(uint8_t *bytes, size_t length) {
  struct cursor in = {.at = bytes, .left = length};
  const uint8_t *magic = take_bytes(&in, MAGIC_BYTES);
  uint32_t longest = take_u32(&in);
  uint16_t range = take_u16(&in);
  uint32_t count = take_u32(&in);
  bool good = !in.bad && memcmp(magic, MAGIC, MAGIC_BYTES) == 0 && longest >= MIN_MESSAGE && longest <= MAX_MESSAGE;
  if (good) {
    serve_continue(longest);
    qid_begin(range);
  }
  for (uint32_t i = 0; good && i < count; i++) {
    good = take_fid(&in);
  }
  return good && taken_whole(&in);
}

void session_continue(const char *path) {
  struct stat file;
  int descriptor = open(path, O_RDONLY | O_CLOEXEC);
  if (descriptor < 0 || fstat(descriptor, &file) != 0) {
    fail("session `%s`", path);
  }
  size_t length = file.st_size > 0 && file.st_size <= MAX_SESSION ? (size_t)file.st_size : 0;
  uint8_t *bytes = length ? malloc(length) : NULL;
  size_t have = 0;
  for (ssize_t more = 1; bytes && more > 0 && have < length; have += (size_t)more) {
    more = read(descriptor, bytes + have, length - have);
    more = more < 0 ? 0 : more;
  }
  errno = 0;
  if (!bytes || have < length || !session_take(bytes, length)) {
    fail("session `%s` is none that this server has saved", path);
  }
  free(bytes);
  close(descriptor);
}

#include "operation.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

#include "qid.h"

int fid_of(uint32_t number, struct fid **fid) {
  *fid = fid_find(number);
  return !*fid ? EBADF : (*fid)->node ? 0 : ESTALE;
}

int fid_to_change(uint32_t number, struct fid **fid) {
  int error = fid_of(number, fid);
  return error ? error : tree_is_read_only((*fid)->node) ? EROFS : 0;
}

int reach(const struct fid *fid) {
  return fid->open >= 0 ? fid->open : tree_open(fid->node, O_PATH);
}

int reach_fid(uint32_t number, struct fid **fid, int *descriptor) {
  int error = fid_of(number, fid);
  if (error) {
    return error;
  }
  *descriptor = reach(*fid);
  return *descriptor < 0 ? errno : 0;
}

void let_go(const struct fid *fid, int descriptor) {
  if (descriptor != fid->open) {
    close(descriptor);
  }
}

int place_open(struct place *place, uint32_t number, const char *name) {
  int error = fid_to_change(number, &place->fid);
  if (error) {
    return error;
  }
  if (strcmp(name, "..") == 0) {
    return EINVAL;
  }
  if (strlen(name) > NAME_MAX) {
    return ENAMETOOLONG;
  }
  place->directory = tree_open(place->fid->node, O_PATH | O_DIRECTORY);
  return place->directory < 0 ? errno : 0;
}

int place_made(const struct place *place, const char *name, struct reply *out) {
  struct stat file;
  struct qid qid;
  int error = fstatat(place->directory, name, &file, AT_SYMLINK_NOFOLLOW) == 0 ? qid_of(&file, &qid) : errno;
  close(place->directory);
  if (!error) {
    put_qid(out, &qid);
  }
  return error;
}

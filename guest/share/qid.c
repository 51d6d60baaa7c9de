#include "qid.h"

#include <errno.h>

#define LOW_BITS 48 /* of an inode number; the range takes the place of the others */

struct range {
  dev_t device;
  uint16_t high;
};

static struct range ranges[MAX_RANGES];
static unsigned range_count;
static uint16_t first;

void qid_begin(uint16_t range) {
  first = range;
  range_count = 0;
}

uint16_t qid_next_range(void) {
  return (uint16_t)(first + range_count);
}

/* The number of the range, or -1. */
static long range_of(dev_t device, uint16_t high) {
  unsigned i = 0;
  while (i < range_count && (ranges[i].device != device || ranges[i].high != high)) {
    i++;
  }
  if (i == range_count) {
    if (range_count == MAX_RANGES || first + range_count >= UINT16_MAX) {
      return -1;
    }
    ranges[range_count++] = (struct range){device, high};
  }
  return (long)first + i;
}

static uint32_t version_of(const struct stat *file) {
  uint64_t mixed = (uint64_t)file->st_mtim.tv_sec * 1000000007u + (uint64_t)file->st_mtim.tv_nsec;
  mixed ^= (uint64_t)file->st_size << 20;
  return (uint32_t)(mixed ^ mixed >> 32) | 1; /* 0 would say that there are no versions */
}

int qid_of(const struct stat *file, struct qid *qid) {
  long range = range_of(file->st_dev, (uint16_t)(file->st_ino >> LOW_BITS));
  if (range < 0) {
    return ENFILE;
  }
  qid->type = S_ISDIR(file->st_mode) ? QID_DIRECTORY : S_ISLNK(file->st_mode) ? QID_LINK : QID_FILE;
  qid->version = version_of(file);
  qid->path = (uint64_t)range << LOW_BITS | (file->st_ino & ((UINT64_C(1) << LOW_BITS) - 1));
  return 0;
}

void put_qid(struct reply *out, const struct qid *qid) {
  put_u8(out, qid->type);
  put_u32(out, qid->version);
  put_u64(out, qid->path);
}

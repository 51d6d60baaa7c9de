#include "fids.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "descriptors.h"
#include "message.h"

#define BUCKETS (1u << 16)

static struct fid *buckets[BUCKETS];
static uint32_t count;
static uint32_t open_count;

/* Clients count up. */
static struct fid **bucket_of(uint32_t number) {
  return &buckets[number % BUCKETS];
}

struct fid *fid_find(uint32_t number) {
  struct fid *fid = *bucket_of(number);
  while (fid && fid->number != number) {
    fid = fid->next;
  }
  return fid;
}

static struct fid *refuse(struct node *node, int error) {
  tree_drop(node);
  errno = error;
  return NULL;
}

struct fid *fid_add(uint32_t number, struct node *node) {
  if (number == NO_FID || fid_find(number)) {
    return refuse(node, EEXIST);
  }
  struct fid *fid = count < MAX_FIDS ? malloc(sizeof *fid) : NULL;
  if (!fid) {
    return refuse(node, count < MAX_FIDS ? ENOMEM : ENFILE);
  }
  struct fid **bucket = bucket_of(number);
  *fid = (struct fid){.next = *bucket, .number = number, .node = node, .open = -1};
  *bucket = fid;
  count++;
  return fid;
}

int fid_set_open(struct fid *fid, int descriptor, int flags) {
  if (open_count >= descriptors_for(OPEN_FILES)) {
    close(descriptor);
    return EMFILE;
  }
  fid->open = descriptor;
  fid->flags = flags;
  open_count++;
  return 0;
}

void fid_point(struct fid *fid, struct node *node) {
  tree_drop(fid->node);
  fid->node = node;
}

static void release(struct fid *fid) {
  if (fid->open >= 0) {
    close(fid->open);
    open_count--;
  }
  tree_drop(fid->node);
  free(fid);
  count--;
}

void fid_remove(struct fid *fid) {
  struct fid **at = bucket_of(fid->number);
  while (*at != fid) {
    at = &(*at)->next;
  }
  *at = fid->next;
  release(fid);
}

void fids_clear(void) {
  for (size_t i = 0; i < BUCKETS; i++) {
    for (struct fid *fid = buckets[i], *next; fid; fid = next) {
      next = fid->next;
      release(fid);
    }
    buckets[i] = NULL;
  }
}

uint32_t fids_count(void) {
  return count;
}

void fids_each(void (*act)(const struct fid *fid, void *with), void *with) {
  for (size_t i = 0; i < BUCKETS; i++) {
    for (const struct fid *fid = buckets[i]; fid; fid = fid->next) {
      act(fid, with);
    }
  }
}

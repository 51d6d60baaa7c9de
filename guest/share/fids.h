/* The client's numbers for files. */
#ifndef HOLDFAST_SHARE_FIDS_H
#define HOLDFAST_SHARE_FIDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tree.h"

/* A client keeps one for each name that its kernel remembers: as many as in a big system are there. */
#define MAX_FIDS (1u << 19)

struct fid {
  struct fid *next;
  uint32_t number;
  struct node *node; /* a reference; NULL when what it stood for did not survive */
  int open;          /* a descriptor, -1 when it is not open */
  int flags;         /* what it was opened with */
};

/* NULL when there is none. */
struct fid *fid_find(uint32_t number);
/* Takes the reference to the node, also when it fails: NULL with errno, EEXIST when the number is taken. */
struct fid *fid_add(uint32_t number, struct node *node);
/* Takes the descriptor, also when it fails: an errno, EMFILE when too many are open. */
int fid_set_open(struct fid *fid, int descriptor, int flags);
void fid_point(struct fid *fid, struct node *node);
void fid_remove(struct fid *fid);
void fids_clear(void);

uint32_t fids_count(void);
void fids_each(void (*act)(const struct fid *fid, void *with), void *with);

#endif

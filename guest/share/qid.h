/* What tells one file from another: unique for each device and inode number, also where an export spans devices. */
#ifndef HOLDFAST_SHARE_QID_H
#define HOLDFAST_SHARE_QID_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/stat.h>

#include "bytes.h"

#define QID_BYTES 13
#define MAX_RANGES 256 /* of inode numbers; a device has one as a rule, an overlay some */

enum { QID_DIRECTORY = 0x80, QID_LINK = 0x02, QID_FILE = 0 };

struct qid {
  uint8_t type;
  uint32_t version; /* of the content */
  uint64_t path;
};

/* Returns 0, or ENFILE when the files come from too many devices. */
int qid_of(const struct stat *file, struct qid *qid);
void put_qid(struct reply *out, const struct qid *qid);

/* The first number for ranges that nobody has been told of. */
uint16_t qid_next_range(void);
/* Begins at a number, so that no file gets what another had in the session that is continued. */
void qid_begin(uint16_t range);

#endif

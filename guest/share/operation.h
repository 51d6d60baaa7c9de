/*
 * What is done for each message. An operation takes the fields of its message, then finds out whether that was all of
 * it, and only then acts. It returns 0 with its reply's fields put, an errno for the client, or BREACH for a message
 * that no client of this protocol sends.
 */
#ifndef HOLDFAST_SHARE_OPERATION_H
#define HOLDFAST_SHARE_OPERATION_H

#include <fcntl.h>
#include <sys/stat.h>

#include "bytes.h"
#include "fids.h"

#define BREACH (-1)
#define MODES 07777
/* How a file may be opened; what else a client asks for does not concern a server. The numbers are those of Linux. */
#define OPEN_FLAGS (O_ACCMODE | O_TRUNC | O_APPEND | O_SYNC)

typedef int operation(struct cursor *in, struct reply *out);

/* looking.c */
operation attach, walk, get_attributes, file_system, read_link, read_directory;
/* files.c */
operation open_file, create_file, read_file, write_file, sync_file, lock_file, get_lock;
/* changes.c */
operation set_attributes, make_directory, make_node, make_link, make_symbolic_link, rename_file, rename_at, unlink_at,
    remove_file;
/* serve.c has the others, which touch no file. */

/* Finds the client's fid: 0, EBADF, or ESTALE for one that did not survive. */
int fid_of(uint32_t number, struct fid **fid);
/* Also EROFS where nothing may be changed. */
int fid_to_change(uint32_t number, struct fid **fid);

/* A descriptor of the file, -1 with errno; of an open one its own, otherwise one that only names it. */
int reach(const struct fid *fid);
/* Finds the fid and reaches its file: 0, or an errno. */
int reach_fid(uint32_t number, struct fid **fid, int *descriptor);
void let_go(const struct fid *fid, int descriptor);

/* Opens a file or directory for the client's reading and writing and looks at it; -1 with errno, ENXIO for all else. */
int open_plain(const struct node *node, int flags, struct stat *file);

/* Whether who opens a file so may change it. */
bool opens_to_change(int flags);

/* A directory in which a name is to be changed. */
struct place {
  struct fid *fid;
  int directory; /* to be closed */
};

/* Returns 0 or an errno: also EINVAL for a name that nothing can have, and ENAMETOOLONG. */
int place_open(struct place *place, uint32_t number, const char *name);
/* Puts the qid of what is under that name now; closes the directory. */
int place_made(const struct place *place, const char *name, struct reply *out);

#endif

/*
 * Paths below the workspace. The kernel resolves them with openat2 and RESOLVE_BENEATH, so that neither "..", nor an
 * absolute path, nor a symbolic link leads out, whatever happens to the tree meanwhile. Failures are -1 with errno;
 * EXDEV means that the path leaves the workspace.
 */
#ifndef HOLDFAST_RESOLVE_H
#define HOLDFAST_RESOLVE_H

#include <stdbool.h>

#define NAME_SIZE 256

void resolve_below(const char *workspace);

/* Opens what the path names. */
int resolve_open(const char *path, int flags);

/* Opens a directory, making it and its parents where they are missing. */
int resolve_make_directory(const char *path);

/* Opens the directory that holds the path's last part, which goes to `name`; EPERM for the workspace itself. */
int resolve_parent(const char *path, bool make, char name[NAME_SIZE]);

/* The same for the file to be written: where the last part is a symbolic link, the place that it names. */
int resolve_target(const char *path, char name[NAME_SIZE]);

#endif

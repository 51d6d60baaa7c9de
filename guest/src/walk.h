/*
 * What openat2 does with RESOLVE_BENEATH, one part of a path at a time, for kernels without it. Each part is opened
 * below the one before it and never through a symbolic link, which is read and put in its place instead; ".." goes back
 * along the parts that were taken, from the root. So whatever happens to the tree meanwhile, no step leaves it.
 */
#ifndef HOLDFAST_WALK_H
#define HOLDFAST_WALK_H

/* Opens what `path` names below the directory `root`; -1 with errno, EXDEV when it leads out. */
int walk_open(int root, const char *path, int flags);

#endif

/* The caller's own children, adopted orphans among them. */
#ifndef HOLDFAST_CHILDREN_H
#define HOLDFAST_CHILDREN_H

#include <stdbool.h>
#include <sys/types.h>

/*
 * Kills every child that is not spared and returns how many were found; -1 when they cannot be listed. A killed
 * child's own children are adopted when it dies: call again until nothing is found. A pid cannot be mistaken, for only
 * the caller reaps its children.
 */
int children_kill(bool (*spared)(pid_t pid));

#endif

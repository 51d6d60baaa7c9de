#ifndef HOLDFAST_TREE_H
#define HOLDFAST_TREE_H

/* Removes the directory `name` of `parent` with everything below it. Returns 0 or an errno. */
int tree_delete(int parent, const char *name);

#endif

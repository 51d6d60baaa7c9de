/*
 * The names that the client knows. A node is one name in a directory; it says where a file is to be found, not which file
 * that was: each use looks the path up afresh below its export, by the kernel, which neither follows a symbolic link nor
 * leaves the export on the way. So what is mounted over an entry later is seen, no descriptor is held for a file that is
 * merely known, and a renamed directory takes along what is below it. Only when the client removes a name that it still
 * has a fid for, a descriptor is kept in its place: what has no name any more is used through it.
 */
#ifndef HOLDFAST_SHARE_TREE_H
#define HOLDFAST_SHARE_TREE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MAX_EXPORTS 8
#define MAX_NODES (1u << 20) /* of at most 350 bytes each */

struct node;

/* Exports a directory under a name. False with errno when it cannot be opened, or there are too many. */
bool tree_export(const char *name, const char *path, bool read_only);

/* All that give a node give a reference to it, which is to be dropped; NULL with errno. */
struct node *tree_root(const char *export_name);
struct node *tree_child(struct node *directory, const char *name);
struct node *tree_parent(struct node *node); /* of an export's root: itself */
struct node *tree_keep(struct node *node);
void tree_drop(struct node *node);

/* Opens what is there now, or what was removed; -1 with errno. Links are not followed. */
int tree_open(const struct node *node, int flags);
/* Opens the directory that the node's name is in; EBUSY for the root. The name stays the node's. */
int tree_open_parent(const struct node *node, const char **name);

bool tree_is_read_only(const struct node *node);
const char *tree_export_name(const struct node *node);
/* The path below the export, "" for its root; false with errno when the name was removed or is too long. */
bool tree_path(const struct node *node, char *path, size_t size);

/* Before the client removes a name: a descriptor to be given to the next two, -1 where none is needed. */
int tree_catch(const struct node *directory, const char *name, int descriptor_of_directory);
/* It has removed the name: nodes that stand for it never mean a later file of that name. Takes what was caught. */
void tree_forget(struct node *directory, const char *name, int caught);
/* It has renamed, over what was caught. */
void tree_move(struct node *from, const char *name, struct node *to, const char *new_name, int caught);
/* The directory that a node is in, without a reference; NULL for a root. */
struct node *tree_above(const struct node *node);
const char *tree_name(const struct node *node);

#endif

/* What file systems are put together with. Each gives up, and so ends the machine, when it cannot. */
#ifndef HOLDFAST_MACHINE_MOUNTS_H
#define HOLDFAST_MACHINE_MOUNTS_H

#include <stdint.h>

/* How what only the host changes is mounted, and rarely: the machine keeps what it has read. */
#define SYSTEM_OPTIONS "cache=loose"

/* Fine when it is there. */
void make_directory(const char *path);
void link_to(const char *value, const char *path);
/* At a directory that is made for it. */
void mount_at(const char *type, const char *source, const char *target, unsigned long flags, const char *options);
/* What the host shares under that name, over 9p. */
void mount_shared(const char *name, const char *target, unsigned long flags, const char *options);
/* Memory, bounded in bytes and in files; no device and no other user's rights come from it. */
void bounded_tmpfs(const char *target, uint64_t bytes, const char *options);
/* `source` at `target`, which is there; the same restrictions, and those in `flags`. */
void bind(const char *source, const char *target, unsigned long flags);
/* Makes `flags` those of the mount at `target`. */
void restrict_mount(const char *target, unsigned long flags);
/* Gives up unless `path` is there without a symbolic link in it: nothing in an image decides where a mount lands. */
void require_plain(const char *path);

#endif

/* What the host tells a machine: its shape, which is part of the snapshot, and its identity, which never is. */
#ifndef HOLDFAST_MACHINE_SETTINGS_H
#define HOLDFAST_MACHINE_SETTINGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MAX_MESSAGE (64u * 1024)
#define MAX_MOUNTS 64u
#define ENTROPY_BYTES 64u

/* The limits that every machine of a snapshot has. */
struct shape {
  uint64_t memory_bytes, file_bytes, tmp_bytes;
  uint32_t pids, open_files;
  uint32_t uid, gid; /* the agent's, never root's */
  bool image;        /* the system is an image, else the host's /usr */
};

struct identity_mount {
  const char *target;
  bool read_only;
};

/* What makes it one workbench and no other. It points into the message's bytes. */
struct identity {
  const uint8_t *entropy; /* ENTROPY_BYTES of them */
  uint64_t seconds;       /* since 1970, and the rest of the second */
  uint32_t nanos;
  const char *hostname;
  const char *machine_id;
  bool has_workspace; /* else a tmpfs */
  unsigned mount_count;
  struct identity_mount mounts[MAX_MOUNTS];
};

/* False when malformed: then nothing of it may be used. */
bool shape_parse(const uint8_t *bytes, size_t length, struct shape *shape);
bool identity_parse(const uint8_t *bytes, size_t length, struct identity *identity);

#endif

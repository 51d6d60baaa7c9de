/* What the host tells a machine that waits: the one message that makes it a workbench. */
#ifndef HOLDFAST_MACHINE_SETTINGS_H
#define HOLDFAST_MACHINE_SETTINGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MAX_SETTINGS (64u * 1024)
#define MAX_MOUNTS 64u
#define ENTROPY_BYTES 64u

struct settings_mount {
  const char *target;
  bool read_only;
};

/* It points into the message's bytes. */
struct settings {
  const uint8_t *entropy; /* ENTROPY_BYTES of them */
  uint64_t seconds;       /* since 1970, and the rest of the second */
  uint32_t nanos;
  const char *hostname;
  const char *machine_id;
  uint64_t memory_bytes, file_bytes, tmp_bytes;
  uint32_t pids, open_files;
  bool has_workspace; /* else a tmpfs */
  unsigned mount_count;
  struct settings_mount mounts[MAX_MOUNTS];
};

/* False when malformed: then nothing of it may be used. */
bool settings_parse(const uint8_t *bytes, size_t length, struct settings *settings);

#endif

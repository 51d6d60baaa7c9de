#include "settings.h"

#include <string.h>

#include "../src/wire.h"

static const uint8_t *take_entropy(struct cursor *c) {
  if (c->bad || c->left < ENTROPY_BYTES) {
    c->bad = true;
    return NULL;
  }
  const uint8_t *bytes = c->at;
  c->at += ENTROPY_BYTES;
  c->left -= ENTROPY_BYTES;
  return bytes;
}

/* An absolute path below the root that stays there. */
static bool is_target(const char *path) {
  return path[0] == '/' && path[1] != 0 && strlen(path) < 4000 && !strstr(path, "/../") && !strstr(path, "//");
}

bool settings_parse(const uint8_t *bytes, size_t length, struct settings *settings) {
  struct cursor c = {bytes, length, false};
  settings->entropy = take_entropy(&c);
  settings->seconds = cursor_u64(&c);
  settings->nanos = cursor_u32(&c);
  settings->hostname = cursor_string(&c);
  settings->machine_id = cursor_string(&c);
  settings->memory_bytes = cursor_u64(&c);
  settings->file_bytes = cursor_u64(&c);
  settings->tmp_bytes = cursor_u64(&c);
  settings->pids = cursor_u32(&c);
  settings->open_files = cursor_u32(&c);
  settings->has_workspace = cursor_u8(&c) != 0;
  settings->mount_count = cursor_u32(&c);
  if (c.bad || settings->mount_count > MAX_MOUNTS || settings->nanos >= 1000000000u) {
    return false;
  }
  for (unsigned i = 0; i < settings->mount_count; i++) {
    settings->mounts[i].target = cursor_string(&c);
    settings->mounts[i].read_only = cursor_u8(&c) != 0;
    if (c.bad || !is_target(settings->mounts[i].target)) {
      return false;
    }
  }
  return c.left == 0;
}

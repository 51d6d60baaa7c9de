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

bool shape_parse(const uint8_t *bytes, size_t length, struct shape *shape) {
  struct cursor c = {bytes, length, false};
  shape->memory_bytes = cursor_u64(&c);
  shape->file_bytes = cursor_u64(&c);
  shape->tmp_bytes = cursor_u64(&c);
  shape->pids = cursor_u32(&c);
  shape->open_files = cursor_u32(&c);
  shape->uid = cursor_u32(&c);
  shape->gid = cursor_u32(&c);
  shape->image = cursor_u8(&c) != 0;
  return !c.bad && c.left == 0 && shape->uid != 0 && shape->gid != 0;
}

bool identity_parse(const uint8_t *bytes, size_t length, struct identity *identity) {
  struct cursor c = {bytes, length, false};
  identity->entropy = take_entropy(&c);
  identity->seconds = cursor_u64(&c);
  identity->nanos = cursor_u32(&c);
  identity->hostname = cursor_string(&c);
  identity->machine_id = cursor_string(&c);
  identity->has_workspace = cursor_u8(&c) != 0;
  identity->mount_count = cursor_u32(&c);
  if (c.bad || identity->mount_count > MAX_MOUNTS || identity->nanos >= 1000000000u) {
    return false;
  }
  for (unsigned i = 0; i < identity->mount_count; i++) {
    identity->mounts[i].target = cursor_string(&c);
    identity->mounts[i].read_only = cursor_u8(&c) != 0;
    if (c.bad || !is_target(identity->mounts[i].target)) {
      return false;
    }
  }
  return c.left == 0;
}

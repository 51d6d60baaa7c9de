#include "wire.h"

#include <string.h>

#include "protocol.h"

static uint32_t get_u32(const uint8_t *p) {
  return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

long frame_parse(const uint8_t *bytes, size_t have, struct frame *frame) {
  if (have < FRAME_HEADER) {
    return 0;
  }
  uint32_t length = get_u32(bytes);
  if (length > MAX_PAYLOAD || bytes[10] != 0 || bytes[11] != 0) {
    return -1;
  }
  if (have - FRAME_HEADER < length) {
    return 0;
  }
  frame->length = length;
  frame->stream = get_u32(bytes + 4);
  frame->type = bytes[8];
  frame->sub = bytes[9];
  frame->payload = bytes + FRAME_HEADER;
  return (long)(FRAME_HEADER + length);
}

void frame_put_header(uint8_t *to, uint8_t type, uint8_t sub, uint32_t stream, uint32_t length) {
  to = put_u32(to, length);
  to = put_u32(to, stream);
  to = put_u8(to, type);
  to = put_u8(to, sub);
  put_u16(to, 0);
}

struct cursor cursor_over(const struct frame *frame) {
  return (struct cursor){frame->payload, frame->length, false};
}

/* The next `count` bytes, or NULL. */
static const uint8_t *take(struct cursor *c, size_t count) {
  if (c->bad || c->left < count) {
    c->bad = true;
    return NULL;
  }
  const uint8_t *p = c->at;
  c->at += count;
  c->left -= count;
  return p;
}

uint8_t cursor_u8(struct cursor *c) {
  const uint8_t *p = take(c, 1);
  return p ? p[0] : 0;
}

uint16_t cursor_u16(struct cursor *c) {
  const uint8_t *p = take(c, 2);
  return p ? (uint16_t)(p[0] << 8 | p[1]) : 0;
}

uint32_t cursor_u32(struct cursor *c) {
  const uint8_t *p = take(c, 4);
  return p ? get_u32(p) : 0;
}

uint64_t cursor_u64(struct cursor *c) {
  uint64_t high = cursor_u32(c);
  return high << 32 | cursor_u32(c);
}

const char *cursor_string(struct cursor *c) {
  size_t length = cursor_u32(c);
  const uint8_t *p = length < MAX_PAYLOAD ? take(c, length + 1) : NULL;
  if (!p || p[length] != 0 || memchr(p, 0, length)) {
    c->bad = true;
    return "";
  }
  return (const char *)p;
}

const uint8_t *cursor_rest(struct cursor *c, size_t *length) {
  *length = c->bad ? 0 : c->left;
  const uint8_t *p = c->at;
  c->at += *length;
  c->left -= *length;
  return p;
}

uint8_t *put_u8(uint8_t *to, uint8_t value) {
  to[0] = value;
  return to + 1;
}

uint8_t *put_u16(uint8_t *to, uint16_t value) {
  return put_u8(put_u8(to, (uint8_t)(value >> 8)), (uint8_t)value);
}

uint8_t *put_u32(uint8_t *to, uint32_t value) {
  return put_u16(put_u16(to, (uint16_t)(value >> 16)), (uint16_t)value);
}

uint8_t *put_u64(uint8_t *to, uint64_t value) {
  return put_u32(put_u32(to, (uint32_t)(value >> 32)), (uint32_t)value);
}

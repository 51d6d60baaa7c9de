/* Reading and writing the bytes of frames. Nothing here touches a file descriptor. */
#ifndef HOLDFAST_WIRE_H
#define HOLDFAST_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct frame {
  uint32_t length;
  uint32_t stream;
  uint8_t type;
  uint8_t sub;
  const uint8_t *payload;
};

/* The bytes the frame takes, 0 when it is not all there yet, -1 when it can never be one. */
long frame_parse(const uint8_t *bytes, size_t have, struct frame *frame);

void frame_put_header(uint8_t *to, uint8_t type, uint8_t sub, uint32_t stream, uint32_t length);

/* Takes fields off a payload. Reading past its end sets `bad` and gives zeros. */
struct cursor {
  const uint8_t *at;
  size_t left;
  bool bad;
};

struct cursor cursor_over(const struct frame *frame);
uint8_t cursor_u8(struct cursor *c);
uint16_t cursor_u16(struct cursor *c);
uint32_t cursor_u32(struct cursor *c);
uint64_t cursor_u64(struct cursor *c);
/* A string with its length before it and a NUL behind it, without a NUL inside; "" when bad. */
const char *cursor_string(struct cursor *c);
/* The rest. */
const uint8_t *cursor_rest(struct cursor *c, size_t *length);

uint8_t *put_u8(uint8_t *to, uint8_t value);
uint8_t *put_u16(uint8_t *to, uint16_t value);
uint8_t *put_u32(uint8_t *to, uint32_t value);
uint8_t *put_u64(uint8_t *to, uint64_t value);

#endif

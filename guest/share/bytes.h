/* Taking messages apart and putting replies together. Nothing here touches a file. */
#ifndef HOLDFAST_SHARE_BYTES_H
#define HOLDFAST_SHARE_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Takes fields off the front. Reading past the end sets `bad` and gives zeros; whoever takes strings changes the bytes. */
struct cursor {
  uint8_t *at;
  size_t left;
  bool bad;
};

uint8_t take_u8(struct cursor *in);
uint16_t take_u16(struct cursor *in);
uint32_t take_u32(struct cursor *in);
uint64_t take_u64(struct cursor *in);
/* The next `count` bytes, NULL when there are not as many. */
uint8_t *take_bytes(struct cursor *in, size_t count);
/* A string, which gets a NUL behind it where it lies; "" and bad when it has one inside. */
const char *take_string(struct cursor *in);
/* A string that is one part of a path: bad when it is empty, `.`, or has a slash. */
const char *take_name(struct cursor *in);
/* Whether all was there and nothing is left. */
bool taken_whole(const struct cursor *in);

/* Fields are put behind each other. Whoever puts makes sure before that there is room: an overflow ends the server. */
struct reply {
  uint8_t *bytes;
  size_t length;
  size_t size;
};

void put_u8(struct reply *out, uint8_t value);
void put_u16(struct reply *out, uint16_t value);
void put_u32(struct reply *out, uint32_t value);
void put_u64(struct reply *out, uint64_t value);
void put_bytes(struct reply *out, const void *bytes, size_t count);
void put_string(struct reply *out, const char *text);
/* Overwrites the four bytes at a place that has been put already. */
void put_u32_at(struct reply *out, size_t at, uint32_t value);
size_t room(const struct reply *out);

#endif

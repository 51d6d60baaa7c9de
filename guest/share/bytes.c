#include "bytes.h"

#include <errno.h>
#include <string.h>

#include "fail.h"

uint8_t *take_bytes(struct cursor *in, size_t count) {
  if (in->bad || in->left < count) {
    in->bad = true;
    return NULL;
  }
  uint8_t *at = in->at;
  in->at += count;
  in->left -= count;
  return at;
}

static uint64_t take_number(struct cursor *in, size_t width) {
  const uint8_t *at = take_bytes(in, width);
  uint64_t value = 0;
  for (size_t i = 0; at && i < width; i++) {
    value |= (uint64_t)at[i] << 8 * i;
  }
  return value;
}

uint8_t take_u8(struct cursor *in) {
  return (uint8_t)take_number(in, 1);
}

uint16_t take_u16(struct cursor *in) {
  return (uint16_t)take_number(in, 2);
}

uint32_t take_u32(struct cursor *in) {
  return (uint32_t)take_number(in, 4);
}

uint64_t take_u64(struct cursor *in) {
  return take_number(in, 8);
}

const char *take_string(struct cursor *in) {
  size_t length = take_u16(in);
  uint8_t *at = take_bytes(in, length);
  if (!at || memchr(at, 0, length)) {
    in->bad = true;
    return "";
  }
  /* One byte towards its length, which has been read: so there is room for the NUL. */
  memmove(at - 1, at, length);
  at[(long)length - 1] = 0;
  return (const char *)at - 1;
}

const char *take_name(struct cursor *in) {
  const char *name = take_string(in);
  if (*name == 0 || strchr(name, '/') || strcmp(name, ".") == 0) {
    in->bad = true;
  }
  return name;
}

bool taken_whole(const struct cursor *in) {
  return !in->bad && in->left == 0;
}

size_t room(const struct reply *out) {
  return out->size - out->length;
}

void put_bytes(struct reply *out, const void *bytes, size_t count) {
  if (count > room(out)) {
    errno = 0;
    fail("a reply longer than its buffer");
  }
  memcpy(out->bytes + out->length, bytes, count);
  out->length += count;
}

static void put_number(struct reply *out, uint64_t value, size_t width) {
  uint8_t bytes[8];
  for (size_t i = 0; i < width; i++) {
    bytes[i] = (uint8_t)(value >> 8 * i);
  }
  put_bytes(out, bytes, width);
}

void put_u8(struct reply *out, uint8_t value) {
  put_number(out, value, 1);
}

void put_u16(struct reply *out, uint16_t value) {
  put_number(out, value, 2);
}

void put_u32(struct reply *out, uint32_t value) {
  put_number(out, value, 4);
}

void put_u64(struct reply *out, uint64_t value) {
  put_number(out, value, 8);
}

void put_string(struct reply *out, const char *text) {
  size_t length = strlen(text);
  put_u16(out, (uint16_t)length);
  put_bytes(out, text, length);
}

void put_u32_at(struct reply *out, size_t at, uint32_t value) {
  struct reply place = {out->bytes, at, at + 4};
  put_u32(&place, value);
}

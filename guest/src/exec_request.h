#ifndef HOLDFAST_EXEC_REQUEST_H
#define HOLDFAST_EXEC_REQUEST_H

#include <stddef.h>
#include <stdint.h>

#include "wire.h"

/* An EXEC frame, taken apart; it points into the frame's bytes. */
struct exec_request {
  uint8_t flags;
  uint16_t rows;
  uint16_t columns;
  const char *directory;
  char *const *argv;
  char *const *env;
  const uint8_t *input;
  size_t input_length;
};

/* NULL when malformed. The answer is valid until the next call. */
struct exec_request *exec_request_parse(const struct frame *frame);

#endif

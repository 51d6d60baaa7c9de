/* Bytes on their way from the host into a descriptor: a program's stdin, a relayed connection. */
#ifndef HOLDFAST_INPUT_H
#define HOLDFAST_INPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "streams.h"

struct input {
  struct watch watch;
  uint32_t stream;
  uint8_t sub;
  bool ended;       /* the host sent EOF: close when all is written */
  bool broken;      /* the reader is gone; what still comes is dropped */
  bool is_terminal; /* EOF is a ^D, and the descriptor stays open for output's sake */
  bool is_socket;   /* EOF is a shutdown */
  uint32_t window;  /* what the host may still send */
  uint32_t taken;   /* written, not yet given back as credit */
  size_t free_ride; /* buffered bytes that came without credit */
  uint8_t *bytes;
  size_t first, last;
  void (*closed)(struct input *input); /* called when nothing more will be written; may be NULL */
};

/* Takes over the descriptor, which must be non-blocking; -1 for none: everything is dropped then. */
void input_open(struct input *input, int fd, uint32_t stream, uint8_t sub, uint32_t window);
/* Bytes that came with the opening frame and cost no credit. */
void input_preload(struct input *input, const uint8_t *bytes, size_t length);
/* -1 when the host sent more than its credit or after EOF. */
int input_data(struct input *input, const uint8_t *bytes, size_t length);
void input_end(struct input *input);
void input_close(struct input *input);

#endif

/* Bytes on their way from a descriptor to the host: a program's stdout and stderr, a relayed connection. */
#ifndef HOLDFAST_OUTPUT_H
#define HOLDFAST_OUTPUT_H

#include <stdbool.h>
#include <stdint.h>

#include "streams.h"

struct output {
  struct watch watch;
  uint32_t stream;
  uint8_t sub;
  bool ended;    /* nothing more comes */
  bool end_told; /* and the host knows */
  uint32_t credit;
  void (*changed)(struct output *output); /* called when it has ended while waiting */
};

enum pumped {
  PUMPED_SOME,
  PUMPED_DRY,     /* nothing there now */
  PUMPED_BLOCKED, /* no credit, or no room: it goes on by itself */
  PUMPED_END,
};

/* Takes over the descriptor, which must be non-blocking. */
void output_open(struct output *output, int fd, uint32_t stream, uint8_t sub, void (*changed)(struct output *));
/* Moves at most one frame's worth. */
enum pumped output_pump(struct output *output);
/* Moves what is there, as far as credit and room go. */
enum pumped output_drain(struct output *output);
/* -1 when the host gives more than is allowed. */
int output_credit(struct output *output, uint32_t credit);
void output_tell_end(struct output *output);
/* Ends it here and now; what is not yet sent is lost. */
void output_close(struct output *output);

#endif

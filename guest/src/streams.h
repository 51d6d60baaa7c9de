/* The live streams of the channel, by id, and the descriptors that their owners wait for. */
#ifndef HOLDFAST_STREAMS_H
#define HOLDFAST_STREAMS_H

#include <stdbool.h>
#include <stdint.h>

#include "wire.h"

struct stream;

struct stream_kind {
  /* A frame for this stream. -1 when the host broke the protocol. */
  int (*on_frame)(struct stream *stream, const struct frame *frame);
};

struct stream {
  uint32_t id;
  const struct stream_kind *kind;
};

/* False when there are MAX_STREAMS already. The stream must come from malloc. */
bool streams_add(struct stream *stream);
struct stream *streams_find(uint32_t id);
bool streams_full(void);
/* Frees it once the events at hand are done with. */
void streams_remove(struct stream *stream);
void streams_free_removed(void);

/* For walks over all: the live streams are streams_at(0) to streams_at(streams_count() - 1). */
unsigned streams_count(void);
struct stream *streams_at(unsigned index);

/* A descriptor that something waits for. Its owner embeds it; `ready` may remove the owner. */
struct watch {
  int fd;
  uint32_t events;
  void (*ready)(struct watch *watch);
};

#define OWNER_OF(pointer, type, member) ((type *)(void *)((char *)(pointer) - offsetof(type, member)))

int watches_open(void);
/* Waits for `events`; 0 to wait for nothing, which HUP does not get through either. */
void watch_for(struct watch *watch, uint32_t events);
void watch_close(struct watch *watch);
/* Calls every ready watch once, a bounded number of them. */
void watches_run(void);

#endif

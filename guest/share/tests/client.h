/* A client of the server's own code, in the same process: messages go in, replies come out. */
#ifndef HOLDFAST_SHARE_CLIENT_H
#define HOLDFAST_SHARE_CLIENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../bytes.h"

#define ROOT 1 /* the fid of the tree after client_begin */

/* A tree of its own below /tmp, exported as `tree`, and as `safe` for reading only; the working directory is above it. */
void client_begin(void);
/* Removes it. */
void client_end(void);
/* Agrees on the version and attaches ROOT; nothing else is known afterwards. */
void client_greet(void);

/* The fields that the last reply had. */
extern struct cursor answer;

/*
 * Sends a message and returns the errno of its reply, 0 for none. The format names the fields that follow: b, h, w and q
 * for numbers of 1, 2, 4 and 8 bytes, s for a string.
 */
int ask(int type, const char *format, ...);
/* Whether a message ends the server. */
bool breaks(int type, const char *format, ...);
/* Sends these bytes, as a message of their length. */
int ask_bytes(const uint8_t *bytes, size_t length);

/* Walks from a fid by one name to a new fid. */
int walk_to(uint32_t fid, uint32_t new_fid, const char *name);
int clunk_fid(uint32_t fid);
/* The type and permissions of a file, 0 when it cannot be seen. */
uint32_t mode_of(uint32_t fid);

#endif

/*
 * What a client and this server have agreed on, so that another server can go on in this one's place, over a copy of the
 * files: which fids there are, what they name and how they are open. Files are saved by name. One that has none any more
 * (removed while it is open) does not survive, and neither does one that is missing in the copy, has become something
 * else there, or may no longer be opened as it was: such fids answer ESTALE.
 *
 * Little-endian: "HFSHARE1", the longest message (4), the next range of qids (2), the number of fids (4); for each fid its
 * number (4), how it is (1: 0 stale, 1 named, 2 open), and unless it is stale the export's name, the path below it
 * (strings with a length of 2), the file's type as in st_mode (4) and the flags it was opened with (4).
 */
#ifndef HOLDFAST_SHARE_SESSION_H
#define HOLDFAST_SHARE_SESSION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MAX_SESSION (512u << 20)

/* The session, to be freed; NULL with errno. */
char *session_save(size_t *length);
/* Takes up a session from a file that anybody may have made: one that is not in every part as above ends the server. */
void session_continue(const char *path);
/* The same from memory, whose bytes it changes. False when it is not a session, of which a part may have been taken up. */
bool session_take(uint8_t *bytes, size_t length);

#endif

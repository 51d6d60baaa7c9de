#include "connection.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "bytes.h"
#include "fail.h"
#include "message.h"
#include "say.h"
#include "serve.h"

static uint8_t incoming[MAX_MESSAGE];
static uint8_t outgoing[MAX_MESSAGE];
static size_t have;

bool connection_is_amid(void) {
  return have > 0;
}

/* The length of the message that begins here; 0 while that is not known or not all of it is there. */
static size_t whole_message(uint8_t *bytes, size_t length) {
  struct cursor in = {.at = bytes, .left = length};
  size_t expected = take_u32(&in);
  if (in.bad) {
    return 0;
  }
  if (expected < HEADER || expected > serve_longest()) {
    errno = 0;
    fail("a message of %zu bytes: %d to %u may come", expected, HEADER, serve_longest());
  }
  return expected <= length ? expected : 0;
}

bool connection_serve(int stream) {
  ssize_t length = read(stream, incoming + have, sizeof incoming - have);
  if (length <= 0) {
    return length < 0 && errno == EINTR;
  }
  have += (size_t)length;
  size_t done = 0;
  for (size_t message; (message = whole_message(incoming + done, have - done)) > 0; done += message) {
    if (!say(stream, outgoing, serve(incoming + done, message, outgoing))) {
      return false;
    }
  }
  have -= done;
  memmove(incoming, incoming + done, have);
  return true;
}

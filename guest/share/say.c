#include "say.h"

#include <errno.h>
#include <unistd.h>

bool say(int stream, const void *bytes, size_t length) {
  const char *at = bytes;
  while (length > 0) {
    ssize_t said = write(stream, at, length);
    if (said < 0 && errno != EINTR) {
      return false;
    }
    said = said < 0 ? 0 : said;
    at += said;
    length -= (size_t)said;
  }
  return true;
}

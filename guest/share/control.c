#include "control.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fail.h"
#include "say.h"
#include "session.h"

#define WORD "save\n"
#define WORD_LENGTH (sizeof WORD - 1)

static bool save(int control) {
  size_t length;
  char line[32];
  char *saved = session_save(&length);
  if (!saved) {
    fail("saving the session");
  }
  snprintf(line, sizeof line, "saved %zu\n", length);
  bool said = say(control, line, strlen(line)) && say(control, saved, length);
  free(saved);
  return said;
}

bool control_serve(int control, bool busy) {
  static char word[WORD_LENGTH];
  static size_t have;
  ssize_t length = read(control, word + have, sizeof word - have);
  if (length <= 0) {
    return length < 0 && errno == EINTR;
  }
  have += (size_t)length;
  if (memcmp(word, WORD, have) != 0) {
    errno = 0;
    fail("a word of the host's that is not `save`");
  }
  if (have < sizeof word) {
    return true;
  }
  have = 0;
  return busy ? say(control, "busy\n", 5) : save(control);
}

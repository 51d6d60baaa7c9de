#include "exec_request.h"

#include "protocol.h"

/* Reads a count and so many strings into a NULL-ended array. */
static void strings(struct cursor *c, const char *into[MAX_STRINGS + 1]) {
  uint32_t count = cursor_u32(c);
  if (count > MAX_STRINGS) {
    c->bad = true;
    count = 0;
  }
  uint32_t i;
  for (i = 0; i < count && !c->bad; i++) {
    into[i] = cursor_string(c);
  }
  into[i] = NULL;
}

struct exec_request *exec_request_parse(const struct frame *frame) {
  static const char *argv[MAX_STRINGS + 1];
  static const char *env[MAX_STRINGS + 1];
  static struct exec_request request;
  struct cursor c = cursor_over(frame);
  request.flags = cursor_u8(&c);
  request.rows = cursor_u16(&c);
  request.columns = cursor_u16(&c);
  request.directory = cursor_string(&c);
  strings(&c, argv);
  strings(&c, env);
  request.argv = (char *const *)argv; /* execve takes them as not const, but does not write them */
  request.env = (char *const *)env;
  request.input = cursor_rest(&c, &request.input_length);
  return c.bad || !argv[0] || !argv[0][0] ? NULL : &request;
}

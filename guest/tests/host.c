#include "host.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "../src/channel.h"
#include "../src/exec.h"
#include "../src/files.h"
#include "../src/out.h"
#include "../src/reap.h"
#include "../src/stdio_pipes.h"
#include "../src/streams.h"
#include "check.h"

static int heard_at;
static uint8_t heard[4 * 1024 * 1024];
static size_t heard_length;

/* The guest's end does not block, and neither does ours: what is sent is read at once, into memory. */
void host_begin(const char *workspace) {
  int ends[2];
  CHECK(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, ends) == 0);
  heard_at = ends[1];
  prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
  signal(SIGPIPE, SIG_IGN);
  out_open(ends[0]);
  stdio_pipes_prepare();
  files_open(workspace);
  watches_open();
}

static void hear(void) {
  while (!out_is_empty()) {
    CHECK(out_flush() == 0);
    ssize_t n;
    while ((n = read(heard_at, heard + heard_length, sizeof heard - heard_length)) > 0) {
      heard_length += (size_t)n;
      if (heard_length > sizeof heard / 2) {
        heard_length = 0; /* nobody asked for it */
      }
    }
  }
}

static void turn(void) {
  watches_run();
  reap();
  exec_tick();
  streams_free_removed();
  hear();
}

long host_say(const uint8_t *bytes, size_t length) {
  long done = channel_handle(bytes, length);
  turn();
  return done;
}

unsigned host_settle(void) {
  for (int i = 0; i < 500 && streams_count() > 0; i++) {
    poll(NULL, 0, 10);
    turn();
  }
  return streams_count();
}

size_t host_heard(uint8_t *into, size_t size) {
  size_t length = heard_length < size ? heard_length : size;
  memcpy(into, heard, length);
  heard_length = 0;
  return length;
}

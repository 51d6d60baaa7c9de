#include "output.h"

#include <errno.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "out.h"

static void on_readable(struct watch *watch) {
  struct output *output = OWNER_OF(watch, struct output, watch);
  if (output_pump(output) == PUMPED_END) {
    output->changed(output);
  }
}

void output_open(struct output *output, int fd, uint32_t stream, uint8_t sub, void (*changed)(struct output *)) {
  *output = (struct output){
      .watch = {.fd = fd, .ready = on_readable},
      .stream = stream,
      .sub = sub,
      .credit = OUTPUT_WINDOW,
      .changed = changed,
  };
  watch_for(&output->watch, EPOLLIN);
}

enum pumped output_pump(struct output *output) {
  if (output->ended) {
    return PUMPED_END;
  }
  if (!out_is_heard(output->stream)) {
    output->credit = OUTPUT_WINDOW; /* it goes nowhere, but the program shall not stop for that */
  }
  if (output->credit == 0 || !out_has_room()) {
    /* Without credit it is not even watched: HUP would wake the loop again and again. */
    watch_for(&output->watch, output->credit == 0 ? 0 : EPOLLIN);
    return PUMPED_BLOCKED;
  }
  size_t most = output->credit < MAX_DATA ? output->credit : MAX_DATA;
  ssize_t n = read(output->watch.fd, out_reserve(most), most);
  if (n < 0 && (errno == EAGAIN || errno == EINTR)) {
    return errno == EAGAIN ? PUMPED_DRY : PUMPED_SOME;
  }
  if (n <= 0) { /* a terminal's end is EIO */
    output_close(output);
    return PUMPED_END;
  }
  out_commit(F_DATA, output->sub, output->stream, (size_t)n);
  output->credit -= (uint32_t)n;
  return PUMPED_SOME;
}

enum pumped output_drain(struct output *output) {
  enum pumped last;
  do {
    last = output_pump(output);
  } while (last == PUMPED_SOME);
  return last;
}

int output_credit(struct output *output, uint32_t credit) {
  if (credit > MAX_CREDIT || output->credit + credit > MAX_CREDIT) {
    return -1;
  }
  output->credit += credit;
  if (output->credit > 0) {
    watch_for(&output->watch, EPOLLIN);
  }
  return 0;
}

void output_tell_end(struct output *output) {
  if (!output->end_told) {
    output->end_told = true;
    out_frame(F_EOF, output->sub, output->stream, NULL, 0);
  }
}

void output_close(struct output *output) {
  output->ended = true;
  watch_close(&output->watch);
}

#include "exec.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "clock.h"
#include "discard.h"
#include "exec_request.h"
#include "keep.h"
#include "memory.h"
#include "out.h"
#include "reap.h"
#include "stdio_pipes.h"

/*
 * An EOF that comes just before the program's end travels with the EXIT frame: so the host is woken once, not twice.
 * After this long without an end it goes alone.
 */
#define EOF_DELAY_MS 3

static unsigned eofs_waiting;

static int on_frame(struct stream *stream, const struct frame *frame);
static const struct stream_kind exec_kind = {on_frame};

struct exec *exec_from(struct stream *stream) {
  return stream->kind == &exec_kind ? OWNER_OF(stream, struct exec, stream) : NULL;
}

struct exec *exec_of(pid_t pid) {
  for (unsigned i = 0; i < streams_count(); i++) {
    struct exec *exec = exec_from(streams_at(i));
    if (exec && exec->pid == pid) {
      return exec;
    }
  }
  return NULL;
}

static void exec_free(struct exec *exec) {
  for (unsigned i = 0; i < exec->outputs; i++) {
    output_close(&exec->out[i]);
  }
  input_close(&exec->in);
  watch_close(&exec->keeper);
  if (exec->terminal >= 0) {
    close(exec->terminal);
  }
  streams_remove(&exec->stream);
}

static void on_output_end(struct output *output) {
  (void)output;
  eofs_waiting++;
}

/* Small letters of EXIT: how it ended, which outputs are complete and whether memory ran out, what it used, why it did not start. */
static void send_exit(uint32_t stream, uint8_t kind, uint32_t value, uint8_t complete, const struct exec *exec,
                      const char *reason) {
  size_t reason_length = strlen(reason);
  uint8_t *start = out_reserve(64 + reason_length);
  uint8_t *to = put_u8(start, kind);
  to = put_u8(to, complete);
  to = put_u32(to, value);
  to = put_u64(to, exec ? exec->ended_us - exec->started_us : 0);
  to = put_u64(to, exec ? (uint64_t)exec->use.ru_utime.tv_sec * 1000000u + (uint64_t)exec->use.ru_utime.tv_usec : 0);
  to = put_u64(to, exec ? (uint64_t)exec->use.ru_stime.tv_sec * 1000000u + (uint64_t)exec->use.ru_stime.tv_usec : 0);
  to = put_u64(to, exec ? (uint64_t)exec->use.ru_maxrss * 1024u : 0);
  to = put_u32(to, (uint32_t)reason_length);
  memcpy(to, reason, reason_length + 1);
  to += reason_length + 1;
  out_commit(F_EXIT, 0, stream, (size_t)(to - start));
}

static int not_started(uint32_t stream, const char *reason) {
  send_exit(stream, EXIT_NOT_STARTED, 0, 3, NULL, reason);
  return 0;
}

static void on_keeper(struct watch *watch) {
  struct exec *exec = OWNER_OF(watch, struct exec, keeper);
  struct keep_report report;
  ssize_t n = recv(watch->fd, &report, sizeof report, 0);
  if (n < 0 && errno == EAGAIN) {
    return;
  }
  if (n != sizeof report) { /* something inside killed the keeper */
    memset(&report, 0, sizeof report);
    report.status = SIGKILL;
  }
  exec_reaped(exec, report.status, &report.use);
  exec_report(exec);
}

static void open_streams(struct exec *exec, const struct exec_request *request, struct stdio_pipes *pipes) {
  uint32_t id = exec->stream.id;
  exec->outputs = pipes->is_terminal ? 1 : 2;
  exec->terminal = pipes->is_terminal ? pipes->master : -1;
  for (unsigned i = 0; i < exec->outputs; i++) {
    output_open(&exec->out[i], pipes->ours[1 + i], id, (uint8_t)(SUB_STDOUT + i), on_output_end);
  }
  input_open(&exec->in, pipes->ours[0], id, SUB_STDIN, INPUT_WINDOW);
  exec->in.is_terminal = pipes->is_terminal;
  input_preload(&exec->in, request->input, request->input_length);
  if (!(exec->flags & EXEC_KEEP_STDIN)) {
    input_end(&exec->in);
  }
}

static pid_t start_program(struct exec *exec, const struct exec_request *request, const struct stdio_pipes *pipes,
                           char *reason, size_t reason_size) {
  bool keep = request->flags & EXEC_KEEP_LEFTOVERS;
  struct spawn what = {
      .argv = request->argv,
      .env = request->env,
      .directory = request->directory,
      .stdio = {pipes->theirs[0], pipes->theirs[1], pipes->theirs[2]},
      .terminal = pipes->is_terminal,
      .subreaper = !keep,
  };
  exec->keeper = (struct watch){.fd = -1, .ready = on_keeper};
  return keep ? keep_spawn(&what, &exec->keeper.fd, reason, reason_size) : spawn(&what, reason, reason_size);
}

int exec_start(const struct frame *frame) {
  struct exec_request *request = exec_request_parse(frame);
  if (!request || (frame->stream & GUEST_STREAM) || frame->stream == 0 || streams_find(frame->stream)) {
    return -1;
  }
  bool keep = request->flags & EXEC_KEEP_LEFTOVERS;
  bool room = !streams_full() && (!keep || reap_has_room_for_keeper());
  struct exec *exec = room ? calloc(1, sizeof *exec) : NULL;
  if (!exec) {
    return not_started(frame->stream, "too many programs run at once");
  }
  struct stdio_pipes pipes;
  char reason[1200];
  if (stdio_pipes_open(&pipes, request) != 0) {
    free(exec);
    return not_started(frame->stream, "no descriptors or terminals are left for pipes");
  }
  exec->started_us = now_us();
  exec->pid = start_program(exec, request, &pipes, reason, sizeof reason);
  stdio_pipes_close_theirs(&pipes);
  if (exec->pid < 0) {
    stdio_pipes_close_ours(&pipes);
    free(exec);
    return not_started(frame->stream, reason);
  }
  exec->stream = (struct stream){frame->stream, &exec_kind};
  exec->flags = request->flags;
  streams_add(&exec->stream);
  if (keep) {
    reap_add_keeper(exec->pid);
  }
  watch_for(&exec->keeper, EPOLLIN);
  open_streams(exec, request, &pipes);
  return 0;
}

static void send_signal(struct exec *exec, int signal) {
  if (exec->keeper.fd >= 0) {
    uint8_t order = (uint8_t)signal;
    (void)!send(exec->keeper.fd, &order, 1, MSG_NOSIGNAL | MSG_DONTWAIT);
  } else if (exec->state == EXEC_RUNNING && exec->pid > 0) {
    kill(-exec->pid, signal); /* not reaped: the pid is still its own */
    if (getpgid(exec->pid) != exec->pid) {
      kill(exec->pid, signal);
    }
  }
}

static void abort_exec(struct exec *exec) {
  exec->aborted = true;
  /* Killed before its pipes go, or it could still see them go and act on that. */
  send_signal(exec, SIGKILL);
  if (exec->keeper.fd >= 0) {
    send_signal(exec, KEEP_KILL);
  }
  input_close(&exec->in);
  for (unsigned i = 0; i < exec->outputs; i++) {
    output_close(&exec->out[i]);
  }
  if (exec->state == EXEC_REPORTED) {
    exec_tick();
  }
}

static int resize(struct exec *exec, const struct frame *frame) {
  struct cursor c = cursor_over(frame);
  struct winsize size = {.ws_row = cursor_u16(&c), .ws_col = cursor_u16(&c)};
  if (c.bad) {
    return -1;
  }
  if (exec->terminal >= 0) {
    if (!stdio_pipes_resize(exec->terminal, &size)) {
      send_signal(exec, SIGWINCH);
    }
  }
  return 0;
}

static int signal_exec(struct exec *exec, const struct frame *frame) {
  struct cursor c = cursor_over(frame);
  uint8_t signal = cursor_u8(&c);
  if (c.bad || signal < 1 || signal > 64) {
    return -1;
  }
  send_signal(exec, signal);
  return 0;
}

static int credit(struct exec *exec, const struct frame *frame) {
  struct cursor c = cursor_over(frame);
  uint32_t amount = cursor_u32(&c);
  unsigned index = frame->sub - (unsigned)SUB_STDOUT;
  if (c.bad || index >= 2) {
    return -1;
  }
  return index < exec->outputs && !exec->out[index].ended ? output_credit(&exec->out[index], amount) : 0;
}

static int on_frame(struct stream *stream, const struct frame *frame) {
  struct exec *exec = OWNER_OF(stream, struct exec, stream);
  switch (frame->type) {
    case F_DATA:
      return frame->sub == SUB_STDIN ? input_data(&exec->in, frame->payload, frame->length) : -1;
    case F_EOF:
      input_end(&exec->in);
      return frame->sub == SUB_STDIN ? 0 : -1;
    case F_CREDIT:
      return credit(exec, frame);
    case F_RESIZE:
      return resize(exec, frame);
    case F_SIGNAL:
      return signal_exec(exec, frame);
    case F_ABORT:
      abort_exec(exec);
      return 0;
    default:
      return -1;
  }
}

void exec_forget_host(struct exec *exec) {
  for (unsigned i = 0; i < exec->outputs; i++) {
    if (!exec->out[i].ended) {
      watch_for(&exec->out[i].watch, EPOLLIN);
    }
  }
}

void exec_reaped(struct exec *exec, int status, const struct rusage *use) {
  if (exec->state == EXEC_RUNNING) {
    exec->state = EXEC_ENDED;
    exec->status = status;
    exec->use = *use;
    exec->ended_us = now_us();
  }
}

/*
 * Takes what the dead program left in its pipes. Dry means done: whoever still holds the other end either was kept, and
 * its output goes nowhere from here on, or got it from elsewhere.
 */
static void finish_output(struct exec *exec, struct output *output) {
  enum pumped last = output_drain(output);
  if (last == PUMPED_DRY) {
    if (exec->flags & EXEC_KEEP_LEFTOVERS) {
      discard_from(&output->watch);
    }
    output_close(output);
  }
}

static uint8_t finish_outputs(struct exec *exec) {
  uint8_t complete = 0;
  for (unsigned i = 0; i < exec->outputs; i++) {
    finish_output(exec, &exec->out[i]);
    complete |= (uint8_t)(exec->out[i].ended << i);
  }
  return exec->outputs == 1 ? complete | 2 : complete;
}

void exec_report(struct exec *exec) {
  uint8_t complete = finish_outputs(exec);
  for (unsigned i = 0; i < exec->outputs; i++) {
    exec->out[i].end_told = exec->out[i].end_told || exec->out[i].ended;
  }
  bool signalled = WIFSIGNALED(exec->status);
  uint8_t flags = complete | (memory_killed() ? EXIT_OUT_OF_MEMORY : 0);
  uint32_t value = (uint32_t)(signalled ? WTERMSIG(exec->status) : WEXITSTATUS(exec->status));
  send_exit(exec->stream.id, signalled ? EXIT_SIGNALLED : EXIT_EXITED, value, flags, exec, "");
  exec->state = EXEC_REPORTED;
  input_close(&exec->in);
  if (complete == 3) {
    exec_free(exec);
  } else {
    eofs_waiting++;
  }
}

int exec_tick_in(void) {
  return eofs_waiting > 0 ? EOF_DELAY_MS : -1;
}

/* True when it has to be looked at again: its output waits for credit. */
static bool tell_ends(struct exec *exec) {
  bool all = true;
  for (unsigned i = 0; i < exec->outputs; i++) {
    struct output *output = &exec->out[i];
    if (exec->state == EXEC_REPORTED && !output->ended) {
      finish_output(exec, output);
    }
    if (output->ended) {
      output_tell_end(output);
    }
    all &= output->ended;
  }
  if (all && exec->state == EXEC_REPORTED) {
    exec_free(exec);
  }
  return !all && exec->state == EXEC_REPORTED;
}

void exec_tick(void) {
  eofs_waiting = 0;
  for (unsigned i = streams_count(); i-- > 0;) {
    struct exec *exec = i < streams_count() ? exec_from(streams_at(i)) : NULL;
    if (exec && tell_ends(exec)) {
      eofs_waiting++;
    }
  }
}

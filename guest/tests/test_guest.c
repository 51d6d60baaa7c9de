/* The guest's handling of whole conversations, under the sanitizers. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../src/channel.h"
#include "../src/protocol.h"
#include "../src/wire.h"
#include "check.h"
#include "host.h"

static uint8_t frame[MAX_PAYLOAD + FRAME_HEADER];

static uint8_t *put_string(uint8_t *to, const char *text) {
  size_t length = strlen(text);
  to = put_u32(to, (uint32_t)length);
  memcpy(to, text, length + 1);
  return to + length + 1;
}

static long say(uint8_t type, uint8_t sub, uint32_t stream, const uint8_t *end) {
  uint32_t length = (uint32_t)(end - frame - FRAME_HEADER);
  frame_put_header(frame, type, sub, stream, length);
  return host_say(frame, FRAME_HEADER + length) < 0 ? -1 : 0;
}

static long say_exec(uint32_t stream, uint8_t flags, const char *script, const char *input) {
  uint8_t *to = put_u32(put_u8(frame + FRAME_HEADER, flags), 24u << 16 | 80);
  to = put_string(to, "/");
  to = put_string(put_string(put_string(put_u32(to, 3), "/bin/sh"), "-c"), script);
  to = put_string(put_u32(to, 1), "PATH=/usr/bin:/bin");
  memcpy(to, input, strlen(input));
  return say(F_EXEC, 0, stream, to + strlen(input));
}

/* The bytes of the last frame of a type, or NULL. */
static const uint8_t *find(const uint8_t *bytes, size_t length, uint8_t type, struct frame *found) {
  const uint8_t *payload = NULL;
  struct frame at;
  for (long size; (size = frame_parse(bytes, length, &at)) > 0; bytes += size, length -= (size_t)size) {
    if (at.type == type) {
      *found = at;
      payload = at.payload;
    }
  }
  return payload;
}

static uint8_t heard[1024 * 1024];

static void expect_exit(uint8_t kind, uint8_t value) {
  struct frame exit_frame;
  size_t length = host_heard(heard, sizeof heard);
  const uint8_t *payload = find(heard, length, F_EXIT, &exit_frame);
  CHECK(payload && payload[0] == kind && payload[5] == value);
}

static void nothing_before_the_greeting(void) {
  CHECK(say(F_PING, 0, 0, put_u64(frame + FRAME_HEADER, 1)) == -1);
  CHECK(say(F_HELLO, 0, 0, put_u32(frame + FRAME_HEADER, PROTOCOL_VERSION + 1)) == -1);
  CHECK(say(F_HELLO, 0, 0, put_u32(frame + FRAME_HEADER, PROTOCOL_VERSION)) == 0);
  CHECK(say(F_HELLO, 0, 0, put_u32(frame + FRAME_HEADER, PROTOCOL_VERSION)) == -1);
}

static void programs_end_in_every_way(void) {
  CHECK(say_exec(1, 0, "cat; echo err >&2; exit 5", "hello") == 0);
  CHECK(host_settle() == 0);
  expect_exit(EXIT_EXITED, 5);
  CHECK(say_exec(1, 0, "kill -USR1 $$", "") == 0);
  CHECK(host_settle() == 0);
  expect_exit(EXIT_SIGNALLED, 10);
  CHECK(say_exec(1, EXEC_KEEP_LEFTOVERS, "exit 6", "") == 0);
  CHECK(host_settle() == 0);
  expect_exit(EXIT_EXITED, 6);
  CHECK(say_exec(1, EXEC_TERMINAL, "exit 7", "") == 0);
  CHECK(host_settle() == 0);
  expect_exit(EXIT_EXITED, 7);
}

static void an_aborted_flood_ends(void) {
  CHECK(say_exec(1, EXEC_KEEP_STDIN, "sleep 100 & cat /dev/zero", "") == 0);
  usleep(50000);
  CHECK(say(F_ABORT, 0, 1, frame + FRAME_HEADER) == 0);
  CHECK(host_settle() == 0);
  expect_exit(EXIT_SIGNALLED, 9);
}

static void credit_and_input_are_held_to_their_limits(void) {
  CHECK(say_exec(1, EXEC_KEEP_STDIN, "sleep 100", "") == 0);
  CHECK(say(F_CREDIT, SUB_STDOUT, 1, put_u32(frame + FRAME_HEADER, MAX_CREDIT + 1)) == -1);
  CHECK(say(F_CREDIT, SUB_STDIN, 1, put_u32(frame + FRAME_HEADER, 1)) == -1);
  CHECK(say(F_SIGNAL, 0, 1, put_u8(frame + FRAME_HEADER, 65)) == -1);
  CHECK(say(F_DATA, SUB_STDIN, 1, frame + FRAME_HEADER + MAX_DATA + 1) == -1);
  unsigned taken = 0; /* the pipe holds some, the window some more, and nobody reads */
  while (say(F_DATA, SUB_STDIN, 1, frame + FRAME_HEADER + MAX_DATA) == 0) {
    CHECK(++taken < 16);
  }
  CHECK(taken >= INPUT_WINDOW / MAX_DATA);
  CHECK(say_exec(1, 0, "true", "") == -1);
  CHECK(say(F_ABORT, 0, 1, frame + FRAME_HEADER) == 0);
  CHECK(host_settle() == 0);
}

static void files_answer_and_stay_below(void) {
  uint8_t *to = put_string(put_u8(frame + FRAME_HEADER, FILE_WRITE), "a/b");
  CHECK(say(F_FILE, 0, 1, put_u8(put_u8(put_u8(to, 0), 1), 'x')) == 0);
  to = put_string(put_u8(frame + FRAME_HEADER, FILE_WRITE), "../b");
  CHECK(say(F_FILE, 0, 2, put_u8(put_u8(put_u8(to, 0), 1), 'x')) == 0);
  struct frame reply;
  size_t length = host_heard(heard, sizeof heard);
  const uint8_t *payload = find(heard, length, F_REPLY, &reply);
  CHECK(payload && reply.stream == 2 && payload[3] == 2);
  to = put_string(put_u8(frame + FRAME_HEADER, FILE_READ), "a/b");
  CHECK(say(F_FILE, 0, 3, put_u32(put_u64(to, 0), 100)) == 0);
  length = host_heard(heard, sizeof heard);
  payload = find(heard, length, F_REPLY, &reply);
  CHECK(payload && reply.length == 6 && payload[3] == 0 && payload[5] == 'x');
  CHECK(say(F_FILE, 0, 4, put_string(put_u8(frame + FRAME_HEADER, FILE_DELETE), "a")) == 0);
  CHECK(access("a", F_OK) == 0 || host_settle() == 0);
}

static void hear_nothing_but(uint8_t type) {
  struct frame at;
  size_t length = host_heard(heard, sizeof heard), done = 0;
  for (long size; (size = frame_parse(heard + done, length - done, &at)) > 0; done += (size_t)size) {
    CHECK(at.type == type);
  }
  CHECK(length > 0 && done == length);
}

/* A program and a reading of the host that saved the state; then another host goes on. */
static void another_host_goes_on_and_hears_nothing_of_the_former(const char *workspace) {
  usleep(200000); /* until what went before has been answered */
  host_settle();
  host_heard(heard, sizeof heard);
  CHECK(chdir(workspace) == 0);
  char script[300];
  snprintf(script, sizeof script,
           "cd %s; while ! test -e go; do sleep 0.01; done; yes | head -c 3000000; touch done", workspace);
  CHECK(say(F_CONTINUE, 0, 0, put_u32(frame + FRAME_HEADER, 100)) == -1);
  host_heard(heard, sizeof heard);
  CHECK(say_exec(1, EXEC_KEEP_STDIN, script, "") == 0);
  CHECK(say(F_SUSPEND, 0, 0, frame + FRAME_HEADER) == 0);
  hear_nothing_but(F_SUSPENDED);
  CHECK(say(F_CONTINUE, 0, 0, put_u32(frame + FRAME_HEADER, GUEST_STREAM)) == -1);
  CHECK(say(F_SUSPEND, 0, 0, frame + FRAME_HEADER) == 0);
  host_heard(heard, sizeof heard);
  CHECK(say(F_CONTINUE, 0, 0, put_u32(frame + FRAME_HEADER, 100)) == 0);
  hear_nothing_but(F_WELCOME);
  snprintf(script, sizeof script, "touch %s/go", workspace);
  CHECK(say_exec(101, 0, script, "") == 0);
  CHECK(host_settle() == 0); /* far beyond the former host's credit: only a program that is read from ends */
  struct frame at;
  size_t length = host_heard(heard, sizeof heard), done = 0;
  for (long size; (size = frame_parse(heard + done, length - done, &at)) > 0; done += (size_t)size) {
    CHECK(at.stream == 101);
  }
  CHECK(access("done", F_OK) == 0 && unlink("done") == 0 && unlink("go") == 0);
}

int main(void) {
  char workspace[] = "/tmp/guest-test-XXXXXX";
  CHECK(mkdtemp(workspace));
  host_begin(workspace);
  nothing_before_the_greeting();
  programs_end_in_every_way();
  an_aborted_flood_ends();
  credit_and_input_are_held_to_their_limits();
  files_answer_and_stay_below();
  another_host_goes_on_and_hears_nothing_of_the_former(workspace);
  usleep(200000);
  host_settle();
  CHECK(rmdir(workspace) == 0);
  return 0;
}

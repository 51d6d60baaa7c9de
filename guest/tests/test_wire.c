/* Frames and cursors: whole, cut short, and lying. */
#include <string.h>

#include "../src/exec_request.h"
#include "../src/protocol.h"
#include "../src/wire.h"
#include "check.h"

static void a_frame_comes_back_as_it_was_put(void) {
  uint8_t bytes[FRAME_HEADER + 3] = {0};
  frame_put_header(bytes, F_DATA, SUB_STDERR, 0x80000001u, 3);
  memcpy(bytes + FRAME_HEADER, "abc", 3);
  struct frame frame;
  CHECK(frame_parse(bytes, sizeof bytes, &frame) == (long)sizeof bytes);
  CHECK(frame.type == F_DATA && frame.sub == SUB_STDERR && frame.stream == 0x80000001u && frame.length == 3);
  CHECK(memcmp(frame.payload, "abc", 3) == 0);
  for (size_t have = 0; have < sizeof bytes; have++) {
    CHECK(frame_parse(bytes, have, &frame) == 0);
  }
}

static void a_length_beyond_the_limit_is_refused(void) {
  uint8_t bytes[FRAME_HEADER];
  struct frame frame;
  frame_put_header(bytes, F_DATA, 0, 1, MAX_PAYLOAD + 1);
  CHECK(frame_parse(bytes, sizeof bytes, &frame) == -1);
  frame_put_header(bytes, F_DATA, 0, 1, 0xffffffffu);
  CHECK(frame_parse(bytes, sizeof bytes, &frame) == -1);
  frame_put_header(bytes, F_DATA, 0, 1, 0);
  bytes[11] = 1;
  CHECK(frame_parse(bytes, sizeof bytes, &frame) == -1);
}

static struct cursor over(const void *bytes, size_t length) {
  return (struct cursor){bytes, length, false};
}

static void a_cursor_never_reads_past_its_end(void) {
  struct cursor c = over("\x01\x02\x03", 3);
  CHECK(cursor_u16(&c) == 0x0102 && !c.bad);
  CHECK(cursor_u32(&c) == 0 && c.bad);
  CHECK(cursor_u8(&c) == 0 && c.bad);
}

static void a_string_needs_its_nul_and_none_inside(void) {
  struct cursor good = over("\0\0\0\2ab\0", 7);
  CHECK(strcmp(cursor_string(&good), "ab") == 0 && !good.bad && good.left == 0);
  struct cursor unended = over("\0\0\0\2abc", 7);
  CHECK(strcmp(cursor_string(&unended), "") == 0 && unended.bad);
  struct cursor inside = over("\0\0\0\2a\0\0", 7);
  CHECK(strcmp(cursor_string(&inside), "") == 0 && inside.bad);
  struct cursor beyond = over("\0\0\0\3ab\0", 7);
  CHECK(strcmp(cursor_string(&beyond), "") == 0 && beyond.bad);
  struct cursor huge = over("\xff\xff\xff\xff" "ab", 6);
  CHECK(strcmp(cursor_string(&huge), "") == 0 && huge.bad);
}

static struct exec_request *parse(const char *bytes, size_t length) {
  static uint8_t copy[256];
  memcpy(copy, bytes, length);
  struct frame frame = {(uint32_t)length, 1, F_EXEC, 0, copy};
  return exec_request_parse(&frame);
}

static void an_exec_request_is_taken_apart(void) {
  static const char bytes[] =
      "\1\0\x18\0\x50" "\0\0\0\1/\0" "\0\0\0\2" "\0\0\0\2ls\0" "\0\0\0\2-l\0" "\0\0\0\1" "\0\0\0\3A=b\0" "input";
  struct exec_request *request = parse(bytes, sizeof bytes - 1);
  CHECK(request && request->flags == EXEC_KEEP_STDIN && request->rows == 24 && request->columns == 80);
  CHECK(strcmp(request->directory, "/") == 0);
  CHECK(strcmp(request->argv[0], "ls") == 0 && strcmp(request->argv[1], "-l") == 0 && !request->argv[2]);
  CHECK(strcmp(request->env[0], "A=b") == 0 && !request->env[1]);
  CHECK(request->input_length == 5 && memcmp(request->input, "input", 5) == 0);
  for (size_t length = 0; length < sizeof bytes - 1 - 5; length++) {
    CHECK(!parse(bytes, length));
  }
}

static void an_exec_request_without_a_program_is_refused(void) {
  static const char none[] = "\0\0\0\0\0" "\0\0\0\1/\0" "\0\0\0\0" "\0\0\0\0";
  CHECK(!parse(none, sizeof none - 1));
  static const char empty[] = "\0\0\0\0\0" "\0\0\0\1/\0" "\0\0\0\1" "\0\0\0\0\0" "\0\0\0\0";
  CHECK(!parse(empty, sizeof empty - 1));
  static const char many[] = "\0\0\0\0\0" "\0\0\0\1/\0" "\x7f\0\0\0" "\0\0\0\1a\0";
  CHECK(!parse(many, sizeof many - 1));
}

int main(void) {
  a_frame_comes_back_as_it_was_put();
  a_length_beyond_the_limit_is_refused();
  a_cursor_never_reads_past_its_end();
  a_string_needs_its_nul_and_none_inside();
  an_exec_request_is_taken_apart();
  an_exec_request_without_a_program_is_refused();
  return 0;
}

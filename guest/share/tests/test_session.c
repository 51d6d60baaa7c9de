/* A session goes on in another server over a copy of the files; the host's word is answered. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../../tests/check.h"
#include "../control.h"
#include "../fids.h"
#include "../message.h"
#include "../qid.h"
#include "../serve.h"
#include "../session.h"
#include "client.h"

static void make_file(const char *path, const char *text) {
  int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0644);
  CHECK(fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text) && close(fd) == 0);
}

/* The server forgets everything and goes on with what was saved. */
static bool go_on(const char *saved, size_t length) {
  uint8_t *bytes = malloc(length ? length : 1);
  CHECK(bytes);
  memcpy(bytes, saved, length);
  fids_clear();
  serve_continue(0);
  bool good = session_take(bytes, length);
  free(bytes);
  return good;
}

static char first_of(uint32_t fid) {
  CHECK(ask(M_READ, "wqw", fid, (uint64_t)0, 1u) == 0 && take_u32(&answer) == 1);
  return (char)take_u8(&answer);
}

static void prepare(void) {
  client_greet();
  CHECK(mkdir("tree/d", 0755) == 0 && mkdir("tree/d/e", 0755) == 0);
  make_file("tree/d/e/read", "read");
  make_file("tree/gone", "gone");
  make_file("tree/changed", "changed");
  make_file("tree/unlinked", "unlinked");
  make_file("tree/forbidden", "x");
  CHECK(ask(M_WALK, "wwhsss", ROOT, 10u, 3, "d", "e", "read") == 0 && ask(M_LOPEN, "ww", 10u, (uint32_t)O_RDWR) == 0);
  CHECK(walk_to(ROOT, 11, "d") == 0 && ask(M_LOPEN, "ww", 11u, (uint32_t)O_DIRECTORY) == 0);
  CHECK(walk_to(ROOT, 12, "gone") == 0 && walk_to(ROOT, 13, "changed") == 0 && walk_to(ROOT, 14, "unlinked") == 0);
  CHECK(ask(M_LOPEN, "ww", 14u, (uint32_t)(O_RDWR | O_TRUNC | O_APPEND)) == 0);
  CHECK(walk_to(ROOT, 15, "d") == 0 && ask(M_UNLINKAT, "wsw", ROOT, "unlinked", 0u) == 0);
  CHECK(walk_to(ROOT, 16, "d") == 0 && ask(M_LCREATE, "wswww", 16u, "new", (uint32_t)O_RDWR | O_EXCL, 0600u, 0u) == 0);
}

static void expect_stale(uint32_t fid) {
  CHECK(ask(M_GETATTR, "wq", fid, (uint64_t)1) == ESTALE && ask(M_WALK, "wwh", fid, 99u, 0) == ESTALE);
  CHECK(ask(M_READ, "wqw", fid, (uint64_t)0, 1u) == ESTALE && clunk_fid(fid) == 0 && clunk_fid(fid) == EBADF);
}

static void what_is_in_the_copy_goes_on_and_the_rest_is_stale(void) {
  size_t length, again_length;
  struct stat file;
  struct qid before, after;
  prepare();
  CHECK(stat("tree/d", &file) == 0 && qid_of(&file, &before) == 0);
  char *saved = session_save(&length);
  CHECK(saved && unlink("tree/gone") == 0 && unlink("tree/changed") == 0 && symlink("/etc", "tree/changed") == 0);
  CHECK(go_on(saved, length) && serve_longest() == MAX_MESSAGE);
  CHECK(S_ISDIR(mode_of(ROOT)) && S_ISDIR(mode_of(15)) && first_of(10) == 'r');
  CHECK(ask(M_READDIR, "wqw", 11u, (uint64_t)0, 1000u) == 0 && take_u32(&answer) > 0);
  expect_stale(12);
  expect_stale(13);
  expect_stale(14);
  CHECK(S_ISREG(mode_of(16)) && ask(M_RENAMEAT, "wsws", ROOT, "d", ROOT, "f") == 0 && walk_to(15, 17, "e") == 0);
  CHECK(qid_of(&file, &after) == 0 && before.path != after.path);
  char *again = session_save(&again_length);
  CHECK(again && go_on(again, again_length) && S_ISDIR(mode_of(17)) && first_of(10) == 'r');
  free(again);
  free(saved);
}

/* Whatever is wrong with it: nothing outside is opened, and it is refused as a whole. */
static void what_is_no_session_is_refused(void) {
  size_t length;
  client_greet();
  CHECK(walk_to(ROOT, 2, "f") == 0);
  char *saved = session_save(&length);
  CHECK(saved && go_on(saved, length));
  for (size_t less = 0; less < length; less++) {
    CHECK(!go_on(saved, less));
  }
  char *path = memmem(saved, length, "\1\0f", 3);
  CHECK(path);
  static const char BAD[] = {'.', '/', 0};
  for (size_t i = 0; i < sizeof BAD; i++) {
    path[2] = BAD[i];
    CHECK(!go_on(saved, length));
  }
  free(saved);
  static const char CLIMBING[] = "HFSHARE1\0\0\1\0\0\0\1\0\0\0\5\0\0\0\1\4\0tree\2\0..\0\x40\0\0\0\0\0\0";
  CHECK(!go_on(CLIMBING, sizeof CLIMBING - 1));
  static const char WRITING[] = "HFSHARE1\0\0\1\0\0\0\1\0\0\0\5\0\0\0\2\4\0safe\7\0changed\0\200\0\0\2\0\0\0";
  CHECK(!go_on(WRITING, sizeof WRITING - 1));
  static const char TWICE[] = "HFSHARE1\0\0\1\0\0\0\2\0\0\0\5\0\0\0\0\5\0\0\0\0";
  CHECK(!go_on(TWICE, sizeof TWICE - 1));
  static const char STRANGE[] = "HFSHARE1\0\0\1\0\0\0\1\0\0\0\5\0\0\0\3";
  CHECK(!go_on(STRANGE, sizeof STRANGE - 1));
}

static void the_host_is_answered(void) {
  int pair[2];
  char said[4096];
  client_greet();
  CHECK(socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == 0);
  CHECK(write(pair[0], "save\n", 5) == 5 && control_serve(pair[1], true) && read(pair[0], said, sizeof said) == 5);
  CHECK(memcmp(said, "busy\n", 5) == 0);
  CHECK(write(pair[0], "sa", 2) == 2 && control_serve(pair[1], false) && write(pair[0], "ve\n", 3) == 3);
  CHECK(control_serve(pair[1], false));
  ssize_t length = read(pair[0], said, sizeof said - 1);
  CHECK(length > 0);
  said[length] = 0;
  char *saved = strchr(said, '\n') + 1;
  size_t told = strtoul(said + strlen("saved "), NULL, 10);
  while (length < saved - said + (ssize_t)told) {
    length += read(pair[0], said + length, sizeof said - (size_t)length);
  }
  CHECK(memcmp(said, "saved ", 6) == 0 && saved - said + (ssize_t)told == length && go_on(saved, told));
  close(pair[0]);
  CHECK(!control_serve(pair[1], false));
  close(pair[1]);
}

int main(void) {
  client_begin();
  what_is_in_the_copy_goes_on_and_the_rest_is_stale();
  what_is_no_session_is_refused();
  the_host_is_answered();
  fids_clear();
  client_end();
  return 0;
}

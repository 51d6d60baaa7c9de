/* Walking by hand gives what openat2 gives, for every path over a small tree of directories, files and links. */
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "../src/walk.h"
#include "check.h"

static const char *const PARTS[] = {"",        ".",      "..",     "d",    "file", "none", "to_d",  "to_file",
                                    "to_none", "up_out", "abs",    "loop", "deep", "self", "to_dd", "back"};
enum { COUNT = sizeof PARTS / sizeof *PARTS };

static void make_tree(void) {
  CHECK(mkdir("inside", 0755) == 0 && chdir("inside") == 0);
  CHECK(mkdir("d", 0755) == 0 && mkdir("d/d", 0755) == 0 && mkdir("d/deep", 0755) == 0);
  CHECK(close(open("file", O_CREAT | O_WRONLY, 0644)) == 0 && close(open("d/file", O_CREAT | O_WRONLY, 0644)) == 0);
  CHECK(symlink("d", "to_d") == 0 && symlink("file", "to_file") == 0 && symlink("none", "to_none") == 0);
  CHECK(symlink("../../secret", "up_out") == 0 && symlink("/etc", "abs") == 0 && symlink("loop", "loop") == 0);
  CHECK(symlink("d/deep/../d/./", "deep") == 0 && symlink(".", "self") == 0 && symlink("to_d/d", "to_dd") == 0);
  CHECK(symlink("../to_d/file", "d/back") == 0 && symlink("../..", "d/up_out") == 0);
}

static void expect_same(int root, const char *path, int flags) {
  struct open_how how = {.flags = (unsigned)flags | O_CLOEXEC, .resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS};
  int kernel;
  do { /* mounts and renames anywhere on the host make `..` uncertain for a moment */
    errno = 0;
    kernel = (int)syscall(SYS_openat2, root, path, &how, sizeof how);
  } while (kernel < 0 && errno == EAGAIN);
  int kernel_error = errno;
  errno = 0;
  int walked = walk_open(root, path, flags);
  int walk_error = errno;
  bool same = (kernel < 0) == (walked < 0);
  if (kernel >= 0 && walked >= 0) {
    struct stat a, b;
    CHECK(fstat(kernel, &a) == 0 && fstat(walked, &b) == 0);
    same = a.st_ino == b.st_ino && a.st_dev == b.st_dev;
  } else if (same) {
    same = kernel_error == walk_error;
  }
  if (!same) {
    fprintf(stderr, "`%s` with flags %#x: kernel %d (%s), by hand %d (%s)\n", path, (unsigned)flags, kernel,
            strerror(kernel_error), walked, strerror(walk_error));
  }
  CHECK(same);
  close(kernel);
  close(walked);
}

int main(void) {
  char outer[] = "/tmp/walk-XXXXXX";
  CHECK(mkdtemp(outer) && chdir(outer) == 0);
  CHECK(close(open("secret", O_CREAT | O_WRONLY, 0644)) == 0);
  make_tree();
  int root = open(".", O_PATH | O_DIRECTORY);
  static const int FLAGS[] = {O_RDONLY, O_PATH | O_DIRECTORY, O_PATH | O_NOFOLLOW, O_RDONLY | O_DIRECTORY};
  for (int a = 1; a < COUNT; a++) {
    for (int b = 0; b < COUNT; b++) {
      for (int c = 0; c < COUNT; c++) {
        char path[64];
        snprintf(path, sizeof path, "%s/%s/%s", PARTS[a], PARTS[b], PARTS[c]);
        for (size_t f = 0; f < sizeof FLAGS / sizeof *FLAGS; f++) {
          expect_same(root, path, FLAGS[f]);
        }
        if (b == 0 && c == 0) {
          expect_same(root, PARTS[a], O_RDONLY);
          expect_same(root, PARTS[a], O_PATH | O_NOFOLLOW);
        }
      }
    }
  }
  expect_same(root, "/etc", O_RDONLY);
  char *const remove[] = {"rm", "-rf", outer, NULL};
  execv("/bin/rm", remove);
  return 1;
}

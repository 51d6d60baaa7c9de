/* What a client is served, what it is refused, and what ends the server. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../../tests/check.h"
#include "../fids.h"
#include "../message.h"
#include "../serve.h"
#include "../tree.h"
#include "client.h"

#define DESCRIPTORS 256 /* of the server */

static void write_file_of_host(const char *path, const char *text) {
  int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0644);
  CHECK(fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text) && close(fd) == 0);
}

static int create(uint32_t directory, uint32_t fid, const char *name, uint32_t flags) {
  CHECK(ask(M_WALK, "wwh", directory, fid, 0) == 0);
  return ask(M_LCREATE, "wswww", fid, name, flags, 0644u, 0u);
}

static int write_text(uint32_t fid, uint64_t offset, const char *text) {
  struct reply out;
  uint8_t bytes[256];
  out = (struct reply){.bytes = bytes, .size = sizeof bytes};
  size_t length = strlen(text);
  put_u32(&out, (uint32_t)(HEADER + 16 + length));
  put_u8(&out, M_WRITE);
  put_u16(&out, 1);
  put_u32(&out, fid);
  put_u64(&out, offset);
  put_u32(&out, (uint32_t)length);
  put_bytes(&out, text, length);
  return ask_bytes(bytes, out.length);
}

/* What is read at the beginning of an open file, at most `count` bytes. */
static const char *text_of(uint32_t fid, uint32_t count) {
  static char text[1024];
  CHECK(ask(M_READ, "wqw", fid, (uint64_t)0, count) == 0);
  uint32_t length = take_u32(&answer);
  CHECK(length == answer.left && length < sizeof text);
  memcpy(text, answer.at, length);
  text[length] = 0;
  return text;
}

static void nothing_comes_before_the_version(void) {
  CHECK(breaks(M_ATTACH, "wwssw", ROOT, NO_FID, "", "tree", 0));
  CHECK(breaks(M_VERSION, "ws", MIN_MESSAGE - 1, "9P2000.L"));
  CHECK(ask(M_VERSION, "ws", 1u << 20, "9P2000.u") == 0);
  CHECK(take_u32(&answer) == MIN_MESSAGE && strcmp(take_string(&answer), "unknown") == 0);
  CHECK(breaks(M_CLUNK, "w", ROOT));
  CHECK(ask(M_VERSION, "ws", 100000u, "9P2000.L") == 0);
  CHECK(take_u32(&answer) == 100000 && serve_longest() == 100000);
  CHECK(ask(M_VERSION, "ws", UINT32_MAX, "9P2000.L") == 0);
  CHECK(take_u32(&answer) == MAX_MESSAGE && strcmp(take_string(&answer), "9P2000.L") == 0);
}

static void only_what_is_exported_is_attached(void) {
  CHECK(ask(M_ATTACH, "wwssw", ROOT, NO_FID, "", "..", 0) == ENOENT);
  CHECK(ask(M_ATTACH, "wwssw", ROOT, NO_FID, "", "", 0) == ENOENT);
  CHECK(ask(M_ATTACH, "wwssw", ROOT, 5u, "", "tree", 0) == EOPNOTSUPP);
  CHECK(ask(M_AUTH, "wssw", 5u, "", "tree", 0u) == EOPNOTSUPP);
  CHECK(ask(M_ATTACH, "wwssw", NO_FID, NO_FID, "", "tree", 0) == EEXIST);
  client_greet();
  CHECK(ask(M_ATTACH, "wwssw", ROOT, NO_FID, "", "tree", 0) == EEXIST);
  CHECK(S_ISDIR(mode_of(ROOT)));
}

static void messages_that_are_not_of_the_protocol_end_it(void) {
  CHECK(breaks(M_CLUNK, "h", 1) && breaks(M_CLUNK, "ww", ROOT, ROOT));
  CHECK(breaks(M_ERROR + 1, "w", 5u) && breaks(M_WALK + 1, "h", 0) && breaks(255, ""));
  CHECK(breaks(M_WALK, "wwhs", ROOT, 2u, 2, "a") && breaks(M_WALK, "wwh", ROOT, 2u, 65535));
  CHECK(breaks(M_WALK, "wwhsssssssssssssssss", ROOT, 2u, 17, "a", "a", "a", "a", "a", "a", "a", "a", "a", "a", "a", "a",
               "a", "a", "a", "a", "a"));
  static const char *const NAMES[] = {"", ".", "a/b", "/", "/etc", "../a", "a/"};
  for (size_t i = 0; i < sizeof NAMES / sizeof *NAMES; i++) {
    CHECK(breaks(M_WALK, "wwhs", ROOT, 2u, 1, NAMES[i]) && breaks(M_MKDIR, "wsww", ROOT, NAMES[i], 0755u, 0u));
    CHECK(breaks(M_UNLINKAT, "wsw", ROOT, NAMES[i], 0u) && breaks(M_LINK, "wws", ROOT, ROOT, NAMES[i]));
    CHECK(breaks(M_RENAMEAT, "wsws", ROOT, "a", ROOT, NAMES[i]) && breaks(M_RENAME, "wws", ROOT, ROOT, NAMES[i]));
    CHECK(breaks(M_LCREATE, "wswww", ROOT, NAMES[i], 1u, 0u, 0u) && breaks(M_SYMLINK, "wssw", ROOT, NAMES[i], "x", 0u));
    CHECK(breaks(M_MKNOD, "wswwww", ROOT, NAMES[i], (uint32_t)S_IFIFO, 0u, 0u, 0u));
  }
  CHECK(breaks(M_WRITE, "wqw", ROOT, (uint64_t)0, 1u) && breaks(M_WRITE, "wqwb", ROOT, (uint64_t)0, UINT32_MAX, 1));
  uint8_t inside[] = {18, 0, 0, 0, M_WALK, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 1, 0, 3, 0, 'a', 0, 'b'};
  inside[0] = sizeof inside;
  struct cursor in = {.at = inside + 17, .left = 5};
  CHECK(strcmp(take_name(&in), "") == 0 && in.bad);
}

static void messages_of_other_dialects_are_refused(void) {
  CHECK(ask(112, "wb", ROOT, 0) == EOPNOTSUPP && ask(124, "w", ROOT) == EOPNOTSUPP);
  CHECK(ask(M_XATTRWALK, "wws", ROOT, 2u, "user.x") == EOPNOTSUPP);
  CHECK(ask(M_XATTRCREATE, "wsqw", ROOT, "user.x", (uint64_t)1, 0u) == EOPNOTSUPP);
  CHECK(ask(M_FLUSH, "h", 3) == 0);
}

static void walks_stay_in_the_tree(void) {
  char long_name[NAME_MAX + 2];
  memset(long_name, 'a', sizeof long_name - 1);
  long_name[sizeof long_name - 1] = 0;
  CHECK(mkdir("tree/d", 0755) == 0 && mkdir("tree/d/e", 0700) == 0);
  CHECK(ask(M_WALK, "wwhssssss", ROOT, 2u, 6, "..", "d", "e", "..", "..", "..") == 0);
  CHECK(take_u16(&answer) == 6);
  uint32_t root_mode = mode_of(ROOT);
  CHECK(mode_of(2) == root_mode && walk_to(2, 3, "tree") == ENOENT && walk_to(2, 3, long_name) == ENAMETOOLONG);
  CHECK(ask(M_WALK, "wwhsss", ROOT, 3u, 3, "d", "none", "e") == 0 && take_u16(&answer) == 1);
  CHECK(clunk_fid(3) == EBADF && walk_to(ROOT, 3, "none") == ENOENT);
  CHECK(walk_to(ROOT, 2, "d") == EBADF && walk_to(9, 3, "d") == EBADF);
  CHECK(walk_to(2, 2, "d") == 0 && walk_to(2, 2, "e") == 0 && mode_of(2) == (S_IFDIR | 0700));
  CHECK(ask(M_MKDIR, "wsww", ROOT, "..", 0755u, 0u) == EINVAL);
  CHECK(ask(M_RENAMEAT, "wsws", 2u, "..", ROOT, "up") == EINVAL);
  CHECK(ask(M_UNLINKAT, "wsw", 2u, "..", (uint32_t)AT_REMOVEDIR) == EINVAL);
  CHECK(clunk_fid(2) == 0 && clunk_fid(2) == EBADF);
}

static void links_are_never_followed(void) {
  write_file_of_host("secret", "secret");
  CHECK(ask(M_SYMLINK, "wssw", ROOT, "up", "..", 0u) == 0 && ask(M_SYMLINK, "wssw", ROOT, "file", "../secret", 0u) == 0);
  CHECK(ask(M_SYMLINK, "wssw", ROOT, "abs", "/", 0u) == 0 && ask(M_SYMLINK, "wssw", ROOT, "to_d", "d", 0u) == 0);
  CHECK(walk_to(ROOT, 2, "up") == 0 && S_ISLNK(mode_of(2)));
  CHECK(ask(M_READLINK, "w", 2u) == 0 && strcmp(take_string(&answer), "..") == 0);
  CHECK(walk_to(2, 3, "secret") != 0 && ask(M_LOPEN, "ww", 2u, 0u) == ELOOP && clunk_fid(2) == 0);
  CHECK(ask(M_WALK, "wwhss", ROOT, 2u, 2, "abs", "etc") == 0 && take_u16(&answer) == 1);
  CHECK(ask(M_WALK, "wwhss", ROOT, 2u, 2, "to_d", "e") == 0 && take_u16(&answer) == 1);
  CHECK(walk_to(ROOT, 2, "file") == 0 && ask(M_LOPEN, "ww", 2u, (uint32_t)O_RDWR) == ELOOP);
  CHECK(ask(M_SETATTR, "wwwwwqqqqq", 2u, 8u, 0u, 0u, 0u, (uint64_t)0, (uint64_t)0, (uint64_t)0, (uint64_t)0,
            (uint64_t)0) != 0);
  CHECK(create(ROOT, 3, "file", O_WRONLY) == ELOOP && clunk_fid(3) == 0 && clunk_fid(2) == 0);
  CHECK(ask(M_READLINK, "w", ROOT) == EINVAL);
}

static void a_directory_that_became_a_link_leads_nowhere(void) {
  CHECK(mkdir("outside", 0755) == 0 && mkdir("tree/swap", 0755) == 0);
  write_file_of_host("outside/f", "outside");
  write_file_of_host("tree/swap/f", "inside");
  CHECK(walk_to(ROOT, 2, "swap") == 0 && walk_to(2, 3, "f") == 0 && S_ISREG(mode_of(3)));
  CHECK(rename("tree/swap", "tree/was") == 0 && symlink("../outside", "tree/swap") == 0);
  CHECK(mode_of(3) == 0 && ask(M_LOPEN, "ww", 3u, 0u) == ELOOP && walk_to(2, 4, "f") != 0);
  CHECK(ask(M_MKDIR, "wsww", 2u, "made", 0755u, 0u) != 0 && ask(M_UNLINKAT, "wsw", 2u, "f", 0u) != 0);
  CHECK(ask(M_RENAMEAT, "wsws", ROOT, "was", 2u, "g") != 0 && ask(M_REMOVE, "w", 3u) != 0);
  CHECK(access("outside/f", F_OK) == 0 && access("outside/made", F_OK) != 0 && clunk_fid(2) == 0);
}

/* Somebody puts a link in a directory's place and back again, all the time. */
static pid_t start_swapping(void) {
  pid_t child = fork();
  if (child == 0) {
    for (int i = 0; i < 10000000; i++) {
      renameat2(AT_FDCWD, "tree/race", AT_FDCWD, "tree/link", RENAME_EXCHANGE);
    }
    _exit(0);
  }
  return child;
}

static void no_race_leads_out(void) {
  CHECK(mkdir("tree/race", 0755) == 0 && symlink("../outside", "tree/link") == 0);
  write_file_of_host("tree/race/f", "inside");
  pid_t swapping = start_swapping();
  unsigned opened = 0;
  for (int i = 0; i < 20000; i++) {
    if (ask(M_WALK, "wwhss", ROOT, 2u, 2, "race", "f") == 0 && take_u16(&answer) == 2) {
      if (ask(M_LOPEN, "ww", 2u, 0u) == 0) {
        CHECK(ask(M_READ, "wqw", 2u, (uint64_t)0, 100u) == 0 && take_u32(&answer) == 6 && *answer.at == 'i');
        opened++;
      }
      CHECK(clunk_fid(2) == 0);
    }
  }
  CHECK(opened > 0 && kill(swapping, SIGKILL) == 0 && waitpid(swapping, NULL, 0) == swapping);
}

static void files_are_read_and_written(void) {
  CHECK(create(ROOT, 2, "text", O_RDWR | O_EXCL) == 0 && write_text(2, 0, "hello") == 0 && write_text(2, 5, "!") == 0);
  CHECK(strcmp(text_of(2, UINT32_MAX), "hello!") == 0 && strcmp(text_of(2, 2), "he") == 0);
  CHECK(ask(M_READ, "wqw", 2u, (uint64_t)100, 10u) == 0 && take_u32(&answer) == 0);
  CHECK(ask(M_READ, "wqw", 2u, UINT64_MAX, 10u) == EINVAL && ask(M_FSYNC, "ww", 2u, 0u) == 0);
  CHECK(ask(M_LOPEN, "ww", 2u, 0u) == EBADF && create(ROOT, 3, "text", O_RDWR | O_EXCL) == EEXIST && clunk_fid(3) == 0);
  CHECK(walk_to(ROOT, 3, "text") == 0 && ask(M_LOPEN, "ww", 3u, (uint32_t)(O_WRONLY | O_APPEND)) == 0);
  CHECK(write_text(3, 0, "end") == 0 && strcmp(text_of(2, 100), "hello!end") == 0);
  CHECK(ask(M_READ, "wqw", 3u, (uint64_t)0, 1u) == EBADF && ask(M_READ, "wqw", ROOT, (uint64_t)0, 1u) == EBADF);
  CHECK(ask(M_LOCK, "wbwqqws", 2u, 1, 0u, (uint64_t)0, (uint64_t)0, 1u, "me") == 0 && take_u8(&answer) == 0);
  CHECK(ask(M_GETLOCK, "wbqqws", 2u, 1, (uint64_t)0, (uint64_t)0, 1u, "me") == 0 && take_u8(&answer) == F_UNLCK);
  CHECK(ask(M_STATFS, "w", 2u) == 0 && clunk_fid(2) == 0 && clunk_fid(3) == 0);
}

static void what_is_no_file_is_not_opened(void) {
  CHECK(ask(M_MKNOD, "wswwww", ROOT, "fifo", (uint32_t)S_IFIFO | 0644u, 0u, 0u, 0u) == 0);
  CHECK(ask(M_MKNOD, "wswwww", ROOT, "socket", (uint32_t)S_IFSOCK | 0644u, 0u, 0u, 0u) == 0);
  CHECK(ask(M_MKNOD, "wswwww", ROOT, "null", (uint32_t)S_IFCHR | 0666u, 1u, 3u, 0u) == EPERM);
  CHECK(ask(M_MKNOD, "wswwww", ROOT, "disk", (uint32_t)S_IFBLK | 0666u, 8u, 0u, 0u) == EPERM);
  CHECK(walk_to(ROOT, 2, "fifo") == 0 && S_ISFIFO(mode_of(2)));
  CHECK(ask(M_LOPEN, "ww", 2u, (uint32_t)O_RDONLY) == ENXIO && ask(M_LOPEN, "ww", 2u, (uint32_t)O_WRONLY) == ENXIO);
  CHECK(ask(M_LOPEN, "ww", 2u, (uint32_t)O_RDWR) == ENXIO && create(ROOT, 3, "fifo", O_RDWR) == EEXIST);
  CHECK(ask(M_LOPEN, "ww", 2u, 3u) == EINVAL && clunk_fid(2) == 0 && clunk_fid(3) == 0);
  CHECK(walk_to(ROOT, 2, "socket") == 0 && ask(M_LOPEN, "ww", 2u, (uint32_t)O_RDWR) == ENXIO && clunk_fid(2) == 0);
}

static int set_mode(uint32_t fid, uint32_t mode) {
  return ask(M_SETATTR, "wwwwwqqqqq", fid, 1u, mode, 0u, 0u, (uint64_t)0, (uint64_t)0, (uint64_t)0, (uint64_t)0,
             (uint64_t)0);
}

static void attributes_are_set(void) {
  struct stat file;
  write_file_of_host("tree/attributes", "0123456789");
  CHECK(walk_to(ROOT, 2, "attributes") == 0);
  CHECK(ask(M_SETATTR, "wwwwwqqqqq", 2u, 1u | 8 | 0x10 | 0x80 | 0x20 | 0x100, 0600u, 0u, 0u, (uint64_t)4, (uint64_t)11,
            (uint64_t)12, (uint64_t)13, (uint64_t)14) == 0);
  CHECK(stat("tree/attributes", &file) == 0 && file.st_size == 4 && (file.st_mode & 07777) == 0600);
  CHECK(file.st_atim.tv_sec == 11 && file.st_atim.tv_nsec == 12 && file.st_mtim.tv_sec == 13);
  CHECK(set_mode(2, 0) == 0 && mode_of(2) == S_IFREG && set_mode(2, 0644) == 0 && clunk_fid(2) == 0);
  CHECK(create(ROOT, 2, "sealed", O_RDWR) == 0 && write_text(2, 0, "0123") == 0 && set_mode(2, 0444) == 0);
  CHECK(ask(M_SETATTR, "wwwwwqqqqq", 2u, 8u, 0u, 0u, 0u, (uint64_t)2, (uint64_t)0, (uint64_t)0, (uint64_t)0,
            (uint64_t)0) == 0);
  CHECK(stat("tree/sealed", &file) == 0 && file.st_size == 2 && (file.st_mode & 07777) == 0444 && clunk_fid(2) == 0);
}

/* Lists a directory `count` bytes at a time; the number of entries but `.` and `..`. */
static unsigned list(uint32_t fid, uint32_t count) {
  unsigned entries = 0;
  uint64_t offset = 0;
  for (;;) {
    CHECK(ask(M_READDIR, "wqw", fid, offset, count) == 0);
    uint32_t length = take_u32(&answer);
    CHECK(length == answer.left && length <= count);
    if (length == 0) {
      return entries;
    }
    while (answer.left > 0) {
      take_bytes(&answer, 13);
      offset = take_u64(&answer);
      take_u8(&answer);
      const char *name = take_string(&answer);
      CHECK(!answer.bad);
      entries += strcmp(name, ".") != 0 && strcmp(name, "..") != 0;
    }
  }
}

static void directories_are_listed(void) {
  CHECK(mkdir("tree/many", 0755) == 0);
  for (size_t length = 1; length <= NAME_MAX; length++) {
    char path[sizeof "tree/many/" + NAME_MAX] = "tree/many/";
    memset(path + strlen(path), 'n', length);
    write_file_of_host(path, "");
  }
  CHECK(walk_to(ROOT, 2, "many") == 0);
  CHECK(ask(M_READDIR, "wqw", 2u, (uint64_t)0, 1000u) == EBADF);
  CHECK(ask(M_LOPEN, "ww", 2u, (uint32_t)O_RDONLY | O_DIRECTORY) == 0);
  CHECK(list(2, 8000) == NAME_MAX && list(2, 600) == NAME_MAX && list(2, UINT32_MAX) == NAME_MAX);
  CHECK(ask(M_READDIR, "wqw", 2u, (uint64_t)0, 10u) == EINVAL && ask(M_READDIR, "wqw", 2u, UINT64_MAX, 1000u) == EINVAL);
  static const uint64_t ODD[] = {1, 3, 12345, 1u << 31, (uint64_t)1 << 40, INT64_MAX};
  for (size_t i = 0; i < sizeof ODD / sizeof *ODD; i++) {
    int error = ask(M_READDIR, "wqw", 2u, ODD[i], 8000u);
    CHECK(error == 0 || error == EINVAL);
  }
  CHECK(clunk_fid(2) == 0);
}

static void what_has_no_name_any_more_works_on(void) {
  CHECK(create(ROOT, 2, "going", O_RDWR) == 0 && write_text(2, 0, "old") == 0 && walk_to(ROOT, 3, "going") == 0);
  CHECK(ask(M_UNLINKAT, "wsw", ROOT, "going", 0u) == 0 && create(ROOT, 4, "going", O_RDWR) == 0);
  CHECK(write_text(4, 0, "new one") == 0 && strcmp(text_of(2, 100), "old") == 0);
  CHECK(set_mode(3, 0600) == 0 && (mode_of(2) & 07777) == 0600 && (mode_of(4) & 07777) == 0644);
  CHECK(ask(M_WALK, "wwh", 3u, 5u, 0) == 0 && ask(M_LOPEN, "ww", 5u, (uint32_t)O_RDONLY) == 0);
  CHECK(strcmp(text_of(5, 100), "old") == 0 && ask(M_REMOVE, "w", 3u) == ENOENT && access("tree/going", F_OK) == 0);
  CHECK(walk_to(ROOT, 3, "going") == 0 && create(ROOT, 6, "other", O_RDWR) == 0 && write_text(6, 0, "other") == 0);
  CHECK(ask(M_RENAMEAT, "wsws", ROOT, "other", ROOT, "going") == 0 && walk_to(ROOT, 7, "going") == 0);
  CHECK(ask(M_LOPEN, "ww", 3u, 0u) == 0 && strcmp(text_of(3, 100), "new one") == 0);
  CHECK(ask(M_LOPEN, "ww", 7u, 0u) == 0 && strcmp(text_of(7, 100), "other") == 0);
  CHECK(ask(M_LINK, "wws", ROOT, 3u, "again") == ENOENT && ask(M_LINK, "wws", ROOT, 7u, "again") == 0);
  for (uint32_t fid = 2; fid <= 7; fid++) {
    CHECK(clunk_fid(fid) == 0);
  }
}

static void a_renamed_directory_takes_its_fids_along(void) {
  CHECK(mkdir("tree/one", 0755) == 0 && mkdir("tree/one/two", 0755) == 0 && mkdir("tree/three", 0755) == 0);
  write_file_of_host("tree/one/two/f", "deep");
  CHECK(ask(M_WALK, "wwhsss", ROOT, 2u, 3, "one", "two", "f") == 0 && walk_to(ROOT, 3, "one") == 0);
  CHECK(walk_to(ROOT, 4, "three") == 0 && ask(M_RENAME, "wws", 3u, 4u, "moved") == 0);
  CHECK(ask(M_LOPEN, "ww", 2u, 0u) == 0 && strcmp(text_of(2, 10), "deep") == 0 && walk_to(3, 5, "two") == 0);
  CHECK(ask(M_RENAMEAT, "wsws", ROOT, "three", 5u, "cycle") == EINVAL && ask(M_RENAME, "wws", ROOT, 5u, "x") == EBUSY);
  /* Somebody else takes `two` out, so that the same rename succeeds: what the client knew of it is lost, no more. */
  CHECK(rename("tree/three/moved/two", "tree/two") == 0 && mkdir("tree/three/moved/two", 0755) == 0);
  CHECK(ask(M_REMOVE, "w", 3u) == ENOTEMPTY && clunk_fid(3) == EBADF);
  CHECK(clunk_fid(2) == 0 && clunk_fid(4) == 0 && clunk_fid(5) == 0);
}

static void what_moves_to_another_export_is_forgotten(void) {
  write_file_of_host("tree/mover", "in one");
  write_file_of_host("tree/moved", "another");
  CHECK(ask(M_ATTACH, "wwssw", 2u, NO_FID, "", "other", 0) == 0 && walk_to(ROOT, 3, "mover") == 0);
  CHECK(ask(M_RENAMEAT, "wsws", ROOT, "mover", 2u, "moved") == 0 && access("other/moved", F_OK) == 0);
  CHECK(ask(M_LOPEN, "ww", 3u, 0u) == ENOENT && walk_to(2, 4, "moved") == 0 && ask(M_LOPEN, "ww", 4u, 0u) == 0);
  CHECK(strcmp(text_of(4, 100), "in one") == 0 && clunk_fid(2) == 0 && clunk_fid(3) == 0 && clunk_fid(4) == 0);
}

static void a_tree_for_reading_is_not_changed(void) {
  const uint32_t safe = 2;
  CHECK(ask(M_ATTACH, "wwssw", safe, NO_FID, "", "safe", 0) == 0 && walk_to(safe, 3, "text") == 0);
  CHECK(ask(M_LOPEN, "ww", 3u, (uint32_t)O_RDWR) == EROFS && ask(M_LOPEN, "ww", 3u, (uint32_t)O_TRUNC) == EROFS);
  CHECK(ask(M_LCREATE, "wswww", safe, "x", 1u, 0644u, 0u) == EROFS && ask(M_MKDIR, "wsww", safe, "x", 0755u, 0u) == EROFS);
  CHECK(ask(M_SYMLINK, "wssw", safe, "x", "y", 0u) == EROFS && ask(M_LINK, "wws", safe, 3u, "x") == EROFS);
  CHECK(ask(M_MKNOD, "wswwww", safe, "x", (uint32_t)S_IFIFO, 0u, 0u, 0u) == EROFS && set_mode(3, 0) == EROFS);
  CHECK(ask(M_RENAME, "wws", 3u, ROOT, "x") == EROFS && ask(M_RENAMEAT, "wsws", safe, "text", ROOT, "x") == EROFS);
  CHECK(ask(M_RENAMEAT, "wsws", ROOT, "text", safe, "x") == EROFS && ask(M_UNLINKAT, "wsw", safe, "text", 0u) == EROFS);
  CHECK(ask(M_REMOVE, "w", 3u) == EROFS && walk_to(safe, 3, "text") == 0 && ask(M_LOPEN, "ww", 3u, 0u) == 0);
  CHECK(clunk_fid(3) == 0 && clunk_fid(safe) == 0 && access("tree/text", F_OK) == 0);
}

static void nothing_grows_without_end(void) {
  uint32_t fid = 10;
  int error = 0;
  client_greet();
  write_file_of_host("tree/f", "");
  for (; error == 0 && fid < 1000; fid++) {
    CHECK(walk_to(ROOT, fid, "f") == 0);
    error = ask(M_LOPEN, "ww", fid, 0u);
  }
  CHECK(error == EMFILE && fid > 100 && fid < DESCRIPTORS);
  CHECK(ask(M_MKDIR, "wsww", ROOT, "room", 0755u, 0u) == 0 && walk_to(ROOT, 2, "room") == 0 && clunk_fid(2) == 0);
  for (error = 0; error == 0; fid++) {
    error = ask(M_WALK, "wwh", ROOT, fid, 0);
  }
  CHECK(error == ENFILE && fids_count() == MAX_FIDS);
  CHECK(clunk_fid(11) == 0 && ask(M_WALK, "wwh", ROOT, 11u, 0) == 0);
  client_greet();
  CHECK(fids_count() == 1);
}

/* As the host does it with the workspace of a machine that was held ready. */
static void a_mount_over_an_entry_is_seen_by_fids_that_were_there_before(void) {
  CHECK(mkdir("tree/empty", 0755) == 0 && mkdir("workspace", 0711) == 0);
  write_file_of_host("workspace/inside", "here");
  CHECK(walk_to(ROOT, 2, "empty") == 0 && mode_of(2) == (S_IFDIR | 0755));
  CHECK(mount("workspace", "tree/empty", NULL, MS_BIND, NULL) == 0);
  CHECK(mode_of(2) == (S_IFDIR | 0711) && walk_to(2, 3, "inside") == 0);
  CHECK(ask(M_LOPEN, "ww", 3u, (uint32_t)O_RDWR) == 0 && write_text(3, 0, "Here") == 0);
  CHECK(ask(M_RENAMEAT, "wsws", ROOT, "text", 2u, "text") == EXDEV);
  CHECK(ask(M_WALK, "wwhss", 2u, 4u, 2, "..", "empty") == 0 && mode_of(4) == (S_IFDIR | 0711));
  CHECK(mount("none", "tree/many", "tmpfs", 0, NULL) == 0 && walk_to(ROOT, 5, "many") == 0);
  CHECK(umount("tree/many") == 0 && umount2("tree/empty", MNT_DETACH) == 0 && mode_of(2) == (S_IFDIR | 0755));
}

static uint64_t qid_path(int error) {
  CHECK(error == 0 && take_u16(&answer) == 1);
  take_bytes(&answer, 5);
  return take_u64(&answer);
}

static void files_of_two_devices_are_never_one(void) {
  CHECK(mkdir("tree/a", 0755) == 0 && mkdir("tree/b", 0755) == 0 && mkdir("tree/c", 0755) == 0);
  CHECK(mount("a", "tree/a", "tmpfs", 0, NULL) == 0 && mount("b", "tree/b", "tmpfs", 0, NULL) == 0);
  struct stat a, b;
  CHECK(stat("tree/a", &a) == 0 && stat("tree/b", &b) == 0 && a.st_ino == b.st_ino);
  client_greet();
  uint64_t first = qid_path(walk_to(ROOT, 2, "a"));
  CHECK(first != qid_path(walk_to(ROOT, 3, "b")) && first == qid_path(walk_to(ROOT, 4, "a")));
  CHECK(umount("tree/a") == 0 && umount("tree/b") == 0);
}

int main(void) {
  struct rlimit files = {DESCRIPTORS, DESCRIPTORS};
  CHECK(setrlimit(RLIMIT_NOFILE, &files) == 0);
  CHECK(unshare(getuid() == 0 ? CLONE_NEWNS : CLONE_NEWUSER | CLONE_NEWNS) == 0);
  CHECK(mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0);
  client_begin();
  CHECK(mkdir("other", 0755) == 0 && tree_export("other", "other", false));
  nothing_comes_before_the_version();
  only_what_is_exported_is_attached();
  messages_that_are_not_of_the_protocol_end_it();
  messages_of_other_dialects_are_refused();
  walks_stay_in_the_tree();
  links_are_never_followed();
  a_directory_that_became_a_link_leads_nowhere();
  no_race_leads_out();
  files_are_read_and_written();
  what_is_no_file_is_not_opened();
  attributes_are_set();
  directories_are_listed();
  what_has_no_name_any_more_works_on();
  a_renamed_directory_takes_its_fids_along();
  what_moves_to_another_export_is_forgotten();
  a_tree_for_reading_is_not_changed();
  a_mount_over_an_entry_is_seen_by_fids_that_were_there_before();
  files_of_two_devices_are_never_one();
  nothing_grows_without_end();
  client_end();
  return 0;
}

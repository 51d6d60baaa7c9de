// A program for WASI: what it does is said by its first argument.
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include <wasi/api.h>

extern char **environ;

static int fail(const char *what) {
  printf("%s: %s\n", what, strerror(errno));
  return 1;
}

static int upper(void) {
  int c;
  while ((c = getchar()) != EOF) putchar(c >= 'a' && c <= 'z' ? c - 32 : c);
  return 0;
}

static int say(int argc, char **argv) {
  for (int i = 0; i < argc; i++) printf("%s\n", argv[i]);
  for (char **e = environ; *e; e++) printf("%s\n", *e);
  return 0;
}

static int loop(void) {
  volatile unsigned n = 0;
  for (;;) n++;
}

static volatile int sum;

static int deep(volatile int n) {
  volatile char room[64];
  room[0] = (char)n;
  if (n < 0) return 0;
  sum += deep(n + 1) + room[0];
  return sum;
}

static int grow(void) {
  for (;;) {
    volatile char *more = malloc(1 << 20);
    if (!more) abort();
    for (int i = 0; i < 1 << 20; i += 4096) more[i] = 1;
  }
}

static int flood(void) {
  static char line[8192];
  memset(line, 'x', sizeof line);
  for (;;) write(1, line, sizeof line);
}

static int cat(const char *path) {
  char buffer[4096];
  int fd = open(path, O_RDONLY);
  if (fd < 0) return fail(path);
  ssize_t n;
  while ((n = read(fd, buffer, sizeof buffer)) > 0) write(1, buffer, n);
  close(fd);
  return n < 0 ? fail(path) : 0;
}

static int put(const char *path, const char *text) {
  int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0644);
  if (fd < 0) return fail(path);
  if (write(fd, text, strlen(text)) < 0) return fail(path);
  return close(fd);
}

static int list(const char *path) {
  DIR *dir = opendir(path);
  if (!dir) return fail(path);
  for (struct dirent *e; (e = readdir(dir));)
    if (e->d_name[0] != '.') printf("%s\n", e->d_name);
  closedir(dir);
  return 0;
}

// Opens directories until it is refused: how many, and why.
static int open_many(void) {
  int n = 0;
  while (open("/workspace", O_RDONLY | O_DIRECTORY) >= 0) n++;
  printf("%d %s\n", n, strerror(errno));
  return 0;
}

// Files that have no name any more still take room.
static int hoard(void) {
  static char block[1 << 16];
  long total = 0;
  for (int i = 0; i < 40; i++) {
    int fd = open("/workspace/hidden", O_WRONLY | O_CREAT, 0644);
    if (fd < 0) break;
    ssize_t n;
    while ((n = write(fd, block, sizeof block)) > 0) total += n;
    unlink("/workspace/hidden");
  }
  printf("%ld\n", total);
  return 0;
}

// Raw paths, past what the C library makes of them: below every directory that it was born with.
static int raw(const char *path) {
  for (int fd = 3; fd < 5; fd++) {
    __wasi_fd_t got;
    __wasi_errno_t e = __wasi_path_open(fd, __WASI_LOOKUPFLAGS_SYMLINK_FOLLOW, path, 0,
                                        __WASI_RIGHTS_FD_READ, 0, 0, &got);
    printf("%d\n", e);
  }
  return 0;
}

static int link_out(void) {
  printf("%d\n", __wasi_path_symlink("/etc", 3, "out"));
  printf("%d\n", __wasi_path_symlink("../../etc/passwd", 3, "out"));
  return 0;
}

static int look(void) {
  struct timespec now;
  if (clock_gettime(CLOCK_REALTIME, &now)) return fail("clock");
  printf("%lld\n", (long long)now.tv_sec);
  return 0;
}

static int luck(void) {
  unsigned char b[16];
  if (getentropy(b, sizeof b)) return fail("random");
  for (unsigned i = 0; i < sizeof b; i++) printf("%02x", b[i]);
  printf("\n");
  return 0;
}

static double two(double x, double y) { return x + y; }

static int wrong_type(void) {
  int (*volatile f)(int) = (int (*)(int))(void *)two;
  return f(1);
}

static int outside(void) {
  volatile char *p = (char *)0x7fff0000;
  return *p;
}

static int divide(void) {
  volatile int many = 1000, zero = 0;
  return many / zero;
}

static int work(const char *rounds) {
  unsigned hash = 2166136261u;
  for (int i = atoi(rounds); i > 0; i--) hash = (hash ^ (i & 255)) * 16777619u;
  printf("%u\n", hash);
  return 0;
}

static int moves(void) {
  if (mkdir("/workspace/d", 0755) || mkdir("/workspace/d/e", 0755)) return fail("mkdir");
  if (put("/workspace/d/e/f", "content")) return 1;
  printf("%d\n", rename("/workspace/d", "/workspace/d/e/g"));
  if (rename("/workspace/d/e/f", "/workspace/h")) return fail("rename");
  struct stat s;
  if (stat("/workspace/h", &s)) return fail("stat");
  printf("%lld\n", (long long)s.st_size);
  printf("%d\n", rmdir("/workspace/d"));
  if (rmdir("/workspace/d/e") || rmdir("/workspace/d")) return fail("rmdir");
  int fd = open("/workspace/h", O_RDWR | O_APPEND);
  if (write(fd, "++", 2) != 2 || lseek(fd, 3, SEEK_SET) != 3) return fail("append");
  char rest[16] = {0};
  printf("%zd %s\n", read(fd, rest, sizeof rest), rest);
  return 0;
}

int main(int argc, char **argv) {
  const char *what = argc > 1 ? argv[1] : "upper";
  const char *with = argc > 2 ? argv[2] : "";
  if (!strcmp(what, "upper")) return upper();
  if (!strcmp(what, "say")) return say(argc, argv);
  if (!strcmp(what, "exit")) exit(atoi(with));
  if (!strcmp(what, "loop")) return loop();
  if (!strcmp(what, "deep")) return deep(0);
  if (!strcmp(what, "grow")) return grow();
  if (!strcmp(what, "flood")) return flood();
  if (!strcmp(what, "cat")) return cat(with);
  if (!strcmp(what, "put")) return put(with, argc > 3 ? argv[3] : "");
  if (!strcmp(what, "list")) return list(with);
  if (!strcmp(what, "open-many")) return open_many();
  if (!strcmp(what, "hoard")) return hoard();
  if (!strcmp(what, "raw")) return raw(with);
  if (!strcmp(what, "link-out")) return link_out();
  if (!strcmp(what, "look")) return look();
  if (!strcmp(what, "luck")) return luck();
  if (!strcmp(what, "sleep")) return (int)sleep(atoi(with));
  if (!strcmp(what, "wrong-type")) return wrong_type();
  if (!strcmp(what, "outside")) return outside();
  if (!strcmp(what, "divide")) return divide();
  if (!strcmp(what, "moves")) return moves();
  if (!strcmp(what, "work")) return work(with);
  if (!strcmp(what, "abort")) abort();
  return 64;
}

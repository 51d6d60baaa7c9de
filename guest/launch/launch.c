/*
 * launch: prepares what an OCI runtime cannot, then becomes that runtime.
 *
 *   launch LOCK LOG STEP... -- PROGRAM ARG...
 *
 * It builds the workbench's root file system in a mount namespace of its own. So nothing is ever
 * mounted where the host can see it (and nothing has to be unmounted after a crash), and every
 * source may lie below a directory that only root can enter: it is opened here, as root, while the
 * runtime does its own mounts as the unprivileged user of the workbench's user namespace.
 *
 * It is started without any preparation: what it inherits of descriptors, blocked and ignored signals is undone first.
 *
 * LOCK is locked for as long as this program or the runtime lives; the reaper takes the same lock
 * before it removes what a dead Holdfast left. If LOCK has been removed meanwhile, nothing happens.
 *
 * Steps (targets are relative to BASE, one directory for everything; symbolic links in them are
 * refused; FLAGS are the letters r (read-only), s (nosuid), d (nodev), x (noexec) or -):
 *   group PATH                a new control group (an absolute path of the host)
 *   set PATH VALUE            VALUE is written to the control file PATH
 *   born PATH                 everything from here on happens in a child that is born in the v2 group PATH
 *   join PATH                 this program moves to the v1 group PATH
 *   guard                     everything from here on happens in a child that ends with this program, and that does not
 *                             hold LOCK: for runtimes whose long-lived processes would inherit it
 *   connect TARGET            the runtime's standard input is a connection to the Unix socket TARGET
 *   hide PATH                 detach the mount at PATH (an absolute path of the host), or cover it where it is not ours
 *   net                       a network namespace with nothing but a loopback device that is up
 *   base PATH                 an empty tmpfs at PATH; comes before everything below
 *   dir TARGET | file TARGET  an empty directory (with its parents) or file
 *   link TARGET VALUE         a symbolic link
 *   device TARGET MAJOR MINOR ID  a character device that only user and group ID may open
 *   tmpfs TARGET FLAGS OPTS   a tmpfs with mount options such as size=1m,mode=1777
 *   bind SOURCE TARGET FLAGS  SOURCE and every mount below it
 *   overlay TARGET LOWER UPPER WORK FLAGS  LOWER, and what is changed goes to UPPER, whole and at its own path; with u
 *                             among FLAGS it takes notes in attributes of the user, as one without root must
 *   seal TARGET               the mount at TARGET becomes read-only
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/if.h>
#include <linux/mount.h>
#include <linux/openat2.h>
#include <linux/sched.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

/* From <sys/mount.h>, which cannot be included beside <linux/mount.h>. */
int mount(const char *, const char *, const char *, unsigned long, const void *);
int umount2(const char *, int);
enum { DETACH = 2, OPEN_TREE_FLAGS = OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | 0x8000 /* AT_RECURSIVE */ };

enum { FAILED = 125, REMOVED = 124, MAX_STEPS = 512 };

static int log_fd = 2;
static int base_fd = -1;
static int lock_fd = -1;
static int input_fd = -1;

__attribute__((noreturn, format(printf, 1, 2))) static void fail(const char *format, ...) {
  int error = errno;
  char text[1024];
  va_list args;
  va_start(args, format);
  vsnprintf(text, sizeof text, format, args);
  va_end(args);
  dprintf(log_fd, "launch: %s: %s\n", text, strerror(error));
  _exit(FAILED);
}

/* What Holdfast has open is none of the runtime's business. */
static void forget_inherited(void) {
  if (syscall(SYS_close_range, 0U, ~0U, 0U) != 0) _exit(FAILED);
  for (int i = 0; i <= 2; i++)
    if (open("/dev/null", O_RDWR) != i) _exit(FAILED);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, NULL);
  for (int number = 1; number < 32; number++)
    if (number != SIGKILL && number != SIGSTOP) signal(number, SIG_DFL);
}

/*
 * Holds LOCK until the process (and the runtime that it becomes) ends: no close-on-exec. The lock
 * belongs to the open file, so the runtime's own children hold it too until they exec.
 */
static void lock(const char *path) {
  int fd = open(path, O_RDWR | O_NOFOLLOW);
  if (fd < 0 && errno == ENOENT) _exit(REMOVED);
  struct flock whole = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
  if (fd < 0 || fcntl(fd, F_OFD_SETLKW, &whole) != 0) fail("lock `%s`", path);
  struct stat now;
  if (fstat(fd, &now) != 0) fail("lock `%s`", path);
  if (now.st_nlink == 0) _exit(REMOVED);
  lock_fd = fd;
}

static unsigned long long attributes(const char *flags) {
  unsigned long long result = 0;
  if (strchr(flags, 'r')) result |= MOUNT_ATTR_RDONLY;
  if (strchr(flags, 's')) result |= MOUNT_ATTR_NOSUID;
  if (strchr(flags, 'd')) result |= MOUNT_ATTR_NODEV;
  if (strchr(flags, 'x')) result |= MOUNT_ATTR_NOEXEC;
  return result;
}

static void set_attributes(int fd, unsigned long long attributes, const char *what) {
  struct mount_attr change = {.attr_set = attributes};
  int flags = AT_EMPTY_PATH | 0x8000 /* AT_RECURSIVE */;
  if (syscall(SYS_mount_setattr, fd, "", flags, &change, sizeof change) != 0) fail("restrict `%s`", what);
}

/* A copy of the tree at `source`, attached nowhere yet. */
static int clone_tree(const char *source, const char *flags) {
  int fd = (int)syscall(SYS_open_tree, AT_FDCWD, source, OPEN_TREE_FLAGS);
  if (fd < 0) fail("open `%s`", source);
  set_attributes(fd, attributes(flags), source);
  return fd;
}

/* Opens a path below the base without following any link, so that no file's content decides where a mount lands. */
static int open_below(const char *path, int flags) {
  struct open_how how = {.flags = (unsigned long long)(flags | O_CLOEXEC),
                         .resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS};
  return (int)syscall(SYS_openat2, base_fd, path, &how, sizeof how);
}

static void attach(int mount_fd, const char *target) {
  int at = open_below(target, O_PATH);
  if (at < 0) fail("mount point `%s`", target);
  if (syscall(SYS_move_mount, mount_fd, "", at, "", MOVE_MOUNT_F_EMPTY_PATH | MOVE_MOUNT_T_EMPTY_PATH) != 0)
    fail("mount at `%s`", target);
  close(at);
  close(mount_fd);
}

/* Opens the directory that `path` is in, making it and its parents; `name` is set to the last part. */
static int parent_of(const char *path, const char **name) {
  char part[4096];
  if (strlen(path) >= sizeof part) {
    errno = ENAMETOOLONG;
    fail("path `%s`", path);
  }
  const char *slash = strrchr(path, '/');
  *name = slash ? slash + 1 : path;
  if (!slash) return open_below(".", O_PATH | O_DIRECTORY);
  memcpy(part, path, (size_t)(slash - path));
  part[slash - path] = 0;
  int fd = open_below(part, O_PATH | O_DIRECTORY);
  if (fd >= 0 || errno != ENOENT) return fd;
  const char *last;
  int above = parent_of(part, &last);
  if (above < 0 || (mkdirat(above, last, 0755) != 0 && errno != EEXIST)) fail("directory `%s`", part);
  close(above);
  return open_below(part, O_PATH | O_DIRECTORY);
}

static void make_directory(const char *target) {
  const char *name;
  int parent = parent_of(target, &name);
  if (parent < 0 || (mkdirat(parent, name, 0755) != 0 && errno != EEXIST)) fail("directory `%s`", target);
  close(parent);
  /* What was there may be a link, along which the runtime would mount somewhere else. */
  int made = open_below(target, O_PATH | O_DIRECTORY);
  if (made < 0) fail("directory `%s`", target);
  close(made);
}

static void make_file(const char *target) {
  const char *name;
  int parent = parent_of(target, &name);
  int fd = parent < 0 ? -1 : openat(parent, name, O_WRONLY | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0444);
  if (fd < 0) fail("file `%s`", target);
  close(fd);
  close(parent);
}

static void make_link(const char *target, const char *value) {
  const char *name;
  int parent = parent_of(target, &name);
  if (parent < 0 || symlinkat(value, parent, name) != 0) fail("link `%s`", target);
  close(parent);
}

static void make_device(const char *target, const char *major_text, const char *minor_text, const char *owner) {
  const char *name;
  int parent = parent_of(target, &name);
  dev_t device = makedev((unsigned)strtoul(major_text, NULL, 10), (unsigned)strtoul(minor_text, NULL, 10));
  uid_t id = (uid_t)strtoul(owner, NULL, 10);
  if (parent < 0 || mknodat(parent, name, S_IFCHR | 0600, device) != 0 ||
      fchownat(parent, name, id, id, AT_SYMLINK_NOFOLLOW) != 0)
    fail("device `%s`", target);
  close(parent);
}

static int new_tmpfs(const char *options, const char *flags, const char *target) {
  int fs = (int)syscall(SYS_fsopen, "tmpfs", FSOPEN_CLOEXEC);
  if (fs < 0) fail("tmpfs `%s`", target);
  char *copy = strdup(options);
  char *rest = NULL;
  for (char *option = strtok_r(copy, ",", &rest); option; option = strtok_r(NULL, ",", &rest)) {
    char *value = strchr(option, '=');
    if (!value) fail("tmpfs option `%s`", option);
    *value++ = 0;
    if (syscall(SYS_fsconfig, fs, FSCONFIG_SET_STRING, option, value, 0) != 0) fail("tmpfs option `%s`", option);
  }
  free(copy);
  if (syscall(SYS_fsconfig, fs, FSCONFIG_CMD_CREATE, NULL, NULL, 0) != 0) fail("tmpfs `%s`", target);
  int fd = (int)syscall(SYS_fsmount, fs, FSMOUNT_CLOEXEC, (unsigned)attributes(flags));
  if (fd < 0) fail("tmpfs `%s`", target);
  close(fs);
  return fd;
}

/*
 * The layers are named by descriptor: nothing in their paths is an option, and the base may hide them. No redirects,
 * no copies of metadata alone: what is in UPPER can be read without the kernel's overlay.
 */
static int new_overlay(const int layers[3], const char *flags, const char *target) {
  static const char *const NAMES[] = {"lowerdir", "upperdir", "workdir"};
  static const char *const OFF[] = {"redirect_dir", "metacopy", "index"};
  int unprivileged = strchr(flags, 'u') != NULL;
  int fs = (int)syscall(SYS_fsopen, "overlay", FSOPEN_CLOEXEC);
  if (fs < 0) fail("overlay `%s`", target);
  for (int i = 0; i < 3; i++) {
    char path[64];
    snprintf(path, sizeof path, "/proc/self/fd/%d", layers[i]);
    if (syscall(SYS_fsconfig, fs, FSCONFIG_SET_STRING, NAMES[i], path, 0) != 0) fail("overlay option `%s`", NAMES[i]);
    /* With the user's attributes the kernel knows no other way to be without redirects. */
    const char *off = i == 0 && unprivileged ? "nofollow" : "off";
    if (syscall(SYS_fsconfig, fs, FSCONFIG_SET_STRING, OFF[i], off, 0) != 0) fail("overlay option `%s`", OFF[i]);
  }
  if (unprivileged && syscall(SYS_fsconfig, fs, FSCONFIG_SET_FLAG, "userxattr", NULL, 0) != 0)
    fail("overlay option `userxattr`");
  if (syscall(SYS_fsconfig, fs, FSCONFIG_CMD_CREATE, NULL, NULL, 0) != 0) fail("overlay `%s`", target);
  int fd = (int)syscall(SYS_fsmount, fs, FSMOUNT_CLOEXEC, (unsigned)attributes(flags));
  if (fd < 0) fail("overlay `%s`", target);
  close(fs);
  return fd;
}

/* The mounts that a user namespace began with cannot be taken away in it: an empty directory goes over them. */
static void hide(const char *path) {
  if (umount2(path, DETACH) == 0) return;
  if (errno != EINVAL) fail("hide `%s`", path);
  int fd = new_tmpfs("size=4k,mode=000", "rsdx", path);
  if (syscall(SYS_move_mount, fd, "", AT_FDCWD, path, MOVE_MOUNT_F_EMPTY_PATH) != 0) fail("hide `%s`", path);
  close(fd);
}

static void make_base(const char *path) {
  int fd = new_tmpfs("size=1m,mode=755", "sd", path);
  if (syscall(SYS_move_mount, fd, "", AT_FDCWD, path, MOVE_MOUNT_F_EMPTY_PATH) != 0) fail("base `%s`", path);
  base_fd = fd;
}

/*
 * Runtimes give the descriptors 0 to 2 to the workbench's user with fchown. Were they /dev/null, the
 * host's own device would belong to the agent; so they are an empty file that nobody else has.
 */
static void own_standard_streams(void) {
  int fd = openat(base_fd, "standard-streams", O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (fd < 0) fail("standard streams");
  for (int i = 0; i <= 2; i++)
    if (dup2(i == 0 && input_fd >= 0 ? input_fd : fd, i) < 0) fail("standard streams");
  if (unlinkat(base_fd, "standard-streams", 0) != 0) fail("standard streams");
  close(fd);
}

static void seal(const char *target) {
  int fd = open_below(target, O_PATH);
  struct mount_attr change = {.attr_set = MOUNT_ATTR_RDONLY};
  if (fd < 0 || syscall(SYS_mount_setattr, fd, "", AT_EMPTY_PATH, &change, sizeof change) != 0)
    fail("seal `%s`", target);
  close(fd);
}

/* The namespace belongs to the host's user namespace: nobody inside the workbench has any right over it. */
static void new_network(void) {
  if (unshare(CLONE_NEWNET) != 0) fail("network namespace");
  struct ifreq loopback = {.ifr_name = "lo", .ifr_flags = IFF_UP | IFF_RUNNING};
  int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (fd < 0 || ioctl(fd, SIOCSIFFLAGS, &loopback) != 0) fail("loopback device");
  close(fd);
}

static void make_group(const char *path) {
  if (mkdir(path, 0755) != 0) fail("control group `%s`", path);
}

/* One write, as control files take it. */
static void write_control(const char *path, const char *value) {
  int fd = open(path, O_WRONLY | O_NOFOLLOW | O_CLOEXEC);
  if (fd < 0 || write(fd, value, strlen(value)) != (ssize_t)strlen(value)) fail("write `%s` to `%s`", value, path);
  close(fd);
}

/*
 * "0" in `tasks` moves the writer's only thread. Any other move, of a pid or into `cgroup.procs`, makes the kernel
 * wait until no process of the host is within fork or exit: 10 ms and more.
 */
static void join_group(const char *path) {
  char file[4096];
  if (snprintf(file, sizeof file, "%s/tasks", path) >= (int)sizeof file) {
    errno = ENAMETOOLONG;
    fail("control group `%s`", path);
  }
  write_control(file, "0");
}

__attribute__((noreturn)) static void pass_on_the_end_of(pid_t child) {
  int status;
  while (waitpid(child, &status, 0) < 0)
    if (errno != EINTR) fail("wait for `%ld`", (long)child);
  _exit(WIFEXITED(status) ? WEXITSTATUS(status) : FAILED);
}

/* Returns in the child only. The parent passes on how the child ended; both hold the lock until then. */
static void be_born_in_group(const char *path) {
  int group = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  if (group < 0) fail("control group `%s`", path);
  struct clone_args how = {.flags = CLONE_INTO_CGROUP, .exit_signal = SIGCHLD, .cgroup = (unsigned)group};
  long child = syscall(SYS_clone3, &how, sizeof how);
  if (child < 0) fail("start in control group `%s`", path);
  close(group);
  if (child == 0) return;
  pass_on_the_end_of((pid_t)child);
}

/* Returns in the child only. The kernel kills it with its parent, and so nothing is ever added once the lock is free. */
static void guard(void) {
  pid_t parent = getpid();
  pid_t child = fork();
  if (child < 0) fail("fork");
  if (child > 0) pass_on_the_end_of(child);
  if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || fcntl(lock_fd, F_SETFD, FD_CLOEXEC) != 0) fail("guard");
  if (getppid() != parent) _exit(FAILED);
}

/* The host listens there; who is connected before the runtime starts needs no way through its walls. */
static void connect_input(const char *target) {
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  int at = open_below(target, O_PATH);
  int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  snprintf(address.sun_path, sizeof address.sun_path, "/proc/self/fd/%d", at);
  if (at < 0 || fd < 0 || connect(fd, (struct sockaddr *)&address, sizeof address) != 0) fail("connect to `%s`", target);
  close(at);
  input_fd = fd;
}

static int arguments_of(const char *step) {
  static const struct { const char *name; int count; } STEPS[] = {
      {"group", 1}, {"set", 2}, {"born", 1}, {"join", 1}, {"guard", 0}, {"connect", 1}, {"hide", 1}, {"net", 0}, {"base", 1}, {"dir", 1}, {"file", 1}, {"link", 2}, {"device", 4}, {"tmpfs", 3}, {"bind", 3}, {"overlay", 5}, {"seal", 1}};
  for (size_t i = 0; i < sizeof STEPS / sizeof *STEPS; i++)
    if (strcmp(step, STEPS[i].name) == 0) return STEPS[i].count;
  errno = EINVAL;
  fail("step `%s`", step);
}

/* What a step needs of the host, opened before the base may hide it. */
struct sources {
  int tree;
  int layers[3];
};

static struct sources open_sources(char **step) {
  struct sources opened = {.tree = -1};
  if (strcmp(step[0], "bind") == 0) opened.tree = clone_tree(step[1], step[3]);
  if (strcmp(step[0], "overlay") != 0) return opened;
  for (int i = 0; i < 3; i++) {
    opened.layers[i] = open(step[2 + i], O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (opened.layers[i] < 0) fail("open `%s`", step[2 + i]);
  }
  return opened;
}

static void do_step(char **step, const struct sources *sources) {
  const char *name = step[0];
  if (strcmp(name, "group") == 0) {
    make_group(step[1]);
  } else if (strcmp(name, "set") == 0) {
    write_control(step[1], step[2]);
  } else if (strcmp(name, "born") == 0) {
    be_born_in_group(step[1]);
  } else if (strcmp(name, "join") == 0) {
    join_group(step[1]);
  } else if (strcmp(name, "guard") == 0) {
    guard();
  } else if (strcmp(name, "connect") == 0) {
    connect_input(step[1]);
  } else if (strcmp(name, "hide") == 0) {
    hide(step[1]);
  } else if (strcmp(name, "net") == 0) {
    new_network();
  } else if (strcmp(name, "base") == 0) {
    make_base(step[1]);
  } else if (strcmp(name, "dir") == 0) {
    make_directory(step[1]);
  } else if (strcmp(name, "file") == 0) {
    make_file(step[1]);
  } else if (strcmp(name, "link") == 0) {
    make_link(step[1], step[2]);
  } else if (strcmp(name, "device") == 0) {
    make_device(step[1], step[2], step[3], step[4]);
  } else if (strcmp(name, "tmpfs") == 0) {
    attach(new_tmpfs(step[3], step[2], step[1]), step[1]);
  } else if (strcmp(name, "bind") == 0) {
    attach(sources->tree, step[2]);
  } else if (strcmp(name, "overlay") == 0) {
    attach(new_overlay(sources->layers, step[5], step[1]), step[1]);
  } else {
    seal(step[1]);
  }
}

/* Returns the index of "--"; fills `starts` with where each step begins. */
static int parse(int argc, char **argv, int *starts, int *count) {
  int at = 3;
  *count = 0;
  while (at < argc && strcmp(argv[at], "--") != 0) {
    int size = 1 + arguments_of(argv[at]);
    if (*count == MAX_STEPS || at + size > argc) break;
    starts[(*count)++] = at;
    at += size;
  }
  if (at + 1 >= argc || strcmp(argv[at], "--") != 0) {
    errno = EINVAL;
    fail("usage: launch LOCK LOG STEP... -- PROGRAM ARG...");
  }
  return at;
}

int main(int argc, char **argv) {
  int starts[MAX_STEPS], count;
  static struct sources sources[MAX_STEPS];
  if (argc < 5) {
    errno = EINVAL;
    fail("usage: launch LOCK LOG STEP... -- PROGRAM ARG...");
  }
  forget_inherited();
  lock(argv[1]);
  int fd = open(argv[2], O_WRONLY | O_CREAT | O_APPEND | O_NOFOLLOW | O_CLOEXEC, 0600);
  if (fd < 0) fail("log `%s`", argv[2]);
  log_fd = fd;
  umask(0);
  int end = parse(argc, argv, starts, &count);
  if (unshare(CLONE_NEWNS) != 0) fail("mount namespace");
  if (mount("none", "/", NULL, 1UL << 14 | 1UL << 18 /* MS_REC | MS_PRIVATE */, NULL) != 0) fail("private mounts");
  /* The sources first: the base may hide the directory that they are in. */
  for (int i = 0; i < count; i++) sources[i] = open_sources(argv + starts[i]);
  for (int i = 0; i < count; i++) do_step(argv + starts[i], &sources[i]);
  umask(022);
  if (base_fd >= 0) own_standard_streams();
  if (chdir("/") != 0) fail("chdir");
  execv(argv[end + 1], argv + end + 1);
  fail("run `%s`", argv[end + 1]);
}

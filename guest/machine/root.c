#include "root.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "host.h"
#include "image.h"
#include "mounts.h"

/* An image has an /etc of its own, which this one file is shown in. */
#define HOSTS "/hosts"
#define HOSTS_INSIDE "/run/hosts"
/*
 * The host reads the workspace between calls, so nothing may wait here: writes go through, and names and attributes are
 * looked up anew. Only mapped files are cached.
 */
#define SHARES_OPTIONS "cache=mmap"

void root_write(const char *path, const char *text) {
  int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  size_t length = strlen(text);
  if (fd < 0 || write(fd, text, length) != (ssize_t)length || close(fd) != 0) {
    give_up("write `%s`", path);
  }
}

void root_begin(void) {
  mount_at("proc", "proc", "/proc", 0, NULL);
  mount_at("sysfs", "sysfs", "/sys", 0, NULL);
  mount_at("devtmpfs", "devtmpfs", "/dev", 0, NULL);
  mount_at("cgroup2", "cgroup2", "/sys/fs/cgroup", 0, NULL);
  root_write("/sys/fs/cgroup/cgroup.subtree_control", "+memory +pids");
  make_directory("/sys/fs/cgroup/agent");
}

static void device(const char *name, unsigned minor) {
  char path[64];
  snprintf(path, sizeof path, ROOT "/dev/%s", name);
  unsigned major = strcmp(name, "tty") == 0 ? 5 : 1;
  if (mknod(path, S_IFCHR | 0666, makedev(major, minor)) != 0) {
    give_up("device `%s`", name);
  }
}

static void prepare_devices(void) {
  mount_at("tmpfs", "dev", ROOT "/dev", MS_NOSUID | MS_NOEXEC, "mode=755,size=64k,nr_inodes=64");
  device("null", 3);
  device("zero", 5);
  device("full", 7);
  device("random", 8);
  device("urandom", 9);
  device("tty", 0);
  mount_at("devpts", "devpts", ROOT "/dev/pts", MS_NOSUID | MS_NOEXEC, "newinstance,ptmxmode=0666,mode=0620,max=128");
  link_to("pts/ptmx", ROOT "/dev/ptmx");
  link_to("/proc/self/fd", ROOT "/dev/fd");
  link_to("/proc/self/fd/0", ROOT "/dev/stdin");
  link_to("/proc/self/fd/1", ROOT "/dev/stdout");
  link_to("/proc/self/fd/2", ROOT "/dev/stderr");
}

/* /bin and the like, which are links into /usr: the initial file system has them as they are on the host. */
static void copy_links(void) {
  static const char *const NAMES[] = {"bin", "sbin", "lib", "lib32", "lib64", "libx32"};
  for (size_t i = 0; i < sizeof NAMES / sizeof *NAMES; i++) {
    char from[32], to[32], value[256];
    snprintf(from, sizeof from, "/system/%s", NAMES[i]);
    snprintf(to, sizeof to, ROOT "/%s", NAMES[i]);
    ssize_t length = readlink(from, value, sizeof value - 1);
    if (length > 0) {
      value[length] = 0;
      link_to(value, to);
    }
  }
}

static void make_directories(const char *const *names, size_t count) {
  for (size_t i = 0; i < count; i++) {
    char path[64];
    snprintf(path, sizeof path, ROOT "%s", names[i]);
    make_directory(path);
  }
}

static void prepare(bool image) {
  static const char *const OWN[] = {"/proc", "/run", "/tmp", "/workspace"};
  static const char *const HOSTS_SYSTEM[] = {"/usr", "/etc", "/var", "/home", "/home/agent"};
  mount_at("tmpfs", "root", ROOT, MS_NOSUID | MS_NODEV, "mode=755,size=1m,nr_inodes=512");
  make_directories(OWN, sizeof OWN / sizeof *OWN);
  if (!image) {
    copy_links();
    make_directories(HOSTS_SYSTEM, sizeof HOSTS_SYSTEM / sizeof *HOSTS_SYSTEM);
    link_to("/tmp", ROOT "/var/tmp");
  }
  prepare_devices();
}

static void make_file(const char *path) {
  close(open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0444));
}

/* A file that the first program keeps, where the agent reads it. */
static void show_file(const char *file, const char *at) {
  make_file(file);
  bind(file, at, MS_NOEXEC);
}

static void owned_tmpfs(const char *target, const struct shape *shape) {
  char options[64];
  snprintf(options, sizeof options, "mode=755,uid=%u,gid=%u", shape->uid, shape->gid);
  bounded_tmpfs(target, shape->tmp_bytes, options);
}

void root_enter(const struct shape *shape) {
  if (mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0) {
    give_up("private mounts");
  }
  prepare(shape->image);
  if (!shape->image) {
    bind(ETC, ROOT "/etc", MS_NOEXEC);
    owned_tmpfs(ROOT "/home/agent", shape);
  }
  mount_at("proc", "proc", ROOT "/proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL);
  static const char *const READ_ONLY[] = {"bus", "fs", "irq", "sys", "sysrq-trigger"};
  for (size_t i = 0; i < sizeof READ_ONLY / sizeof *READ_ONLY; i++) {
    char path[64];
    snprintf(path, sizeof path, ROOT "/proc/%s", READ_ONLY[i]);
    bind(path, path, MS_RDONLY | MS_NOEXEC);
  }
  show_file(BOOT_ID, ROOT BOOT_ID_SHOWN);
  make_file(ROOT HOSTS_INSIDE);
  show_file(HOSTS, ROOT HOSTS_INSIDE);
  uint64_t shared = shape->tmp_bytes < (64u << 20) ? shape->tmp_bytes : 64u << 20;
  make_directory(ROOT "/dev/shm");
  bounded_tmpfs(ROOT "/dev/shm", shared, "mode=1777");
  restrict_mount(ROOT "/dev", MS_RDONLY | MS_NOSUID | MS_NOEXEC);
  bounded_tmpfs(ROOT "/tmp", shape->tmp_bytes, "mode=1777");
  owned_tmpfs(ROOT "/workspace", shape);
  if (chdir(ROOT) != 0 || mount(".", "/", NULL, MS_MOVE, NULL) != 0 || chroot(".") != 0 || chdir("/") != 0) {
    give_up("enter the root");
  }
}

/* The directories above `path`, and `path` itself as what it is to be mounted from. */
static void make_target(char *path, const char *source) {
  for (char *slash = path + 1; (slash = strchr(slash, '/')); slash++) {
    *slash = 0;
    make_directory(path);
    *slash = '/';
  }
  struct stat found;
  if (stat(source, &found) != 0) {
    give_up("mount source `%s`", source);
  }
  if (S_ISDIR(found.st_mode)) {
    make_directory(path);
  } else {
    make_file(path);
  }
}

/*
 * They come through one device, which itself is not seen. The host may put the workspace where it is later, and does it
 * before anybody looks: QEMU finds a file by its path below the device's directory each time.
 */
static void mount_shares(const struct identity *identity) {
  if (!identity->has_workspace && identity->mount_count == 0) {
    return;
  }
  mount_shared("shares", "/shares", MS_NOSUID | MS_NODEV, SHARES_OPTIONS);
  if (identity->has_workspace) {
    bind("/shares/workspace", "/workspace", 0);
  }
  for (unsigned i = 0; i < identity->mount_count; i++) {
    char source[32], target[4096];
    snprintf(source, sizeof source, "/shares/%u", i);
    snprintf(target, sizeof target, "%s", identity->mounts[i].target);
    make_target(target, source);
    require_plain(target);
    bind(source, target, identity->mounts[i].read_only ? MS_RDONLY : 0);
  }
  if (umount2("/shares", MNT_DETACH) != 0 || rmdir("/shares") != 0) {
    give_up("hide the shares");
  }
}

static void write_hosts(const char *path, const struct identity *identity) {
  char text[512];
  snprintf(text, sizeof text, "127.0.0.1 localhost %.200s\n::1 localhost ip6-localhost\n", identity->hostname);
  root_write(path, text);
}

/* With `etc` in front of each. */
static void write_names(const char *etc, const struct identity *identity) {
  char path[64], line[300];
  snprintf(path, sizeof path, "%s/hostname", etc);
  snprintf(line, sizeof line, "%.200s\n", identity->hostname);
  root_write(path, line);
  snprintf(path, sizeof path, "%s/machine-id", etc);
  snprintf(line, sizeof line, "%.200s\n", identity->machine_id);
  root_write(path, line);
  snprintf(path, sizeof path, "%s/hosts", etc);
  write_hosts(path, identity);
}

void root_name_again(const struct identity *identity) {
  write_names(ETC, identity);
  write_hosts(HOSTS, identity);
}

static void hosts_system(const struct identity *identity) {
  write_names("/etc", identity);
  restrict_mount("/etc", MS_RDONLY | MS_NOSUID | MS_NODEV | MS_NOEXEC);
  mount_shared("system", "/usr", MS_RDONLY | MS_NOSUID | MS_NODEV, SYSTEM_OPTIONS);
}

static void system_of(const struct shape *shape, const struct identity *identity) {
  if (!shape->image) {
    hosts_system(identity);
    return;
  }
  image_mount();
  write_hosts(HOSTS_INSIDE, identity);
  require_plain("/etc/hosts");
  bind(HOSTS_INSIDE, "/etc/hosts", MS_RDONLY | MS_NOEXEC);
  require_plain("/home/agent");
  owned_tmpfs("/home/agent", shape);
}

void root_finish(const struct shape *shape, const struct identity *identity) {
  system_of(shape, identity);
  mount_shares(identity);
  restrict_mount("/", MS_RDONLY | MS_NOSUID | MS_NODEV);
}

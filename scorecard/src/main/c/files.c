/* Attempts to reach files, devices and mounts that are not the workbench's. */
#define _GNU_SOURCE
#include "attack.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/mount.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <unistd.h>

void attack_mounts(void) {
  TRY("mount tmpfs", syscall(SYS_mount, "none", "/tmp", "tmpfs", 0, NULL));
  TRY("mount proc", syscall(SYS_mount, "none", "/tmp", "proc", 0, NULL));
  TRY("bind", syscall(SYS_mount, "/usr", "/tmp", NULL, 4096 /* MS_BIND */, NULL));
  TRY("remount writable", syscall(SYS_mount, NULL, "/usr", NULL, 32 /* MS_REMOUNT */, NULL));
  TRY("unmask", syscall(SYS_umount2, "/proc/kcore", 2));
  TRY("pivot_root", syscall(SYS_pivot_root, "/tmp", "/tmp"));
  TRY("fsopen", syscall(SYS_fsopen, "tmpfs", 0));
  TRY("open_tree", syscall(SYS_open_tree, AT_FDCWD, "/", OPEN_TREE_CLONE));
  TRY("move_mount", syscall(SYS_move_mount, AT_FDCWD, "/tmp", AT_FDCWD, "/home", 0));
  struct mount_attr writable = {.attr_clr = MOUNT_ATTR_RDONLY};
  TRY("mount_setattr", syscall(SYS_mount_setattr, AT_FDCWD, "/", 0x8000, &writable, sizeof writable));
}

/* A handle made up from an inode number opens any file of a file system, whatever the root is. */
void attack_handles(void) {
  struct {
    struct file_handle head;
    unsigned char bytes[MAX_HANDLE_SZ];
  } handle = {.head = {.handle_bytes = MAX_HANDLE_SZ}};
  int mount_id;
  TRY("name_to_handle_at", syscall(SYS_name_to_handle_at, AT_FDCWD, "/etc", &handle, &mount_id, 0));
  static const unsigned char ROOT[8] = {2};
  handle.head.handle_bytes = sizeof ROOT;
  handle.head.handle_type = 1; /* FILEID_INO32_GEN */
  memcpy(handle.head.f_handle, ROOT, sizeof ROOT);
  static const char *const MOUNTS[] = {"/usr", "/etc/hosts", "/workspace", "/run/holdfast/guest"};
  for (size_t i = 0; i < sizeof MOUNTS / sizeof *MOUNTS; i++) {
    TRY(MOUNTS[i], syscall(SYS_open_by_handle_at, open(MOUNTS[i], O_RDONLY | O_CLOEXEC), &handle, O_RDONLY));
  }
}

void attack_devices(void) {
  static const struct {
    const char *name;
    mode_t type;
    unsigned major, minor;
  } NODES[] = {{"block loop0", S_IFBLK, 7, 0},  {"block vda", S_IFBLK, 254, 0}, {"mem", S_IFCHR, 1, 1},
               {"kmsg", S_IFCHR, 1, 11},        {"null", S_IFCHR, 1, 3},        {"fuse", S_IFCHR, 10, 229},
               {"kvm", S_IFCHR, 10, 232},       {"tun", S_IFCHR, 10, 200},      {"loop-control", S_IFCHR, 10, 237}};
  for (size_t i = 0; i < sizeof NODES / sizeof *NODES; i++) {
    dev_t device = makedev(NODES[i].major, NODES[i].minor);
    TRY(NODES[i].name, mknod(SCRATCH "-node", NODES[i].type | 0666, device));
    TRY(NODES[i].name, mknodat(AT_FDCWD, "/dev/shm/node", NODES[i].type | 0666, device));
  }
  static const char *const PATHS[] = {"/dev/mem",  "/dev/kvm",          "/dev/vda",  "/dev/loop0", "/dev/loop-control",
                                      "/dev/fuse", "/dev/net/tun",      "/dev/port", "/dev/tty0",  "/dev/console",
                                      "/dev/sda",  "/dev/vhost-vsock", "/dev/vsock", "/dev/hwrng", "/dev/mapper"};
  for (size_t i = 0; i < sizeof PATHS / sizeof *PATHS; i++) {
    must_not_open(PATHS[i], O_RDWR);
  }
  TRY("mode of /dev/null", chmod("/dev/null", 0600));
  TRY("owner of /dev/null", chown("/dev/null", 0, 0));
}

/* release_agent names a program that the kernel runs on the host, as root. */
void attack_cgroups(void) {
  TRY("mount cgroup", syscall(SYS_mount, "none", "/tmp", "cgroup", 0, "memory"));
  TRY("mount a named cgroup", syscall(SYS_mount, "none", "/tmp", "cgroup", 0, "none,name=attack"));
  TRY("mount cgroup2", syscall(SYS_mount, "none", "/tmp", "cgroup2", 0, NULL));
  static const char *const CONTROLLERS[] = {"", "memory", "pids", "cpu", "devices", "freezer", "systemd", "unified"};
  static const char *const FILES[] = {"release_agent", "notify_on_release", "cgroup.procs", "memory.limit_in_bytes",
                                      "pids.max",      "devices.allow",     "cgroup.kill"};
  char path[256];
  for (size_t c = 0; c < sizeof CONTROLLERS / sizeof *CONTROLLERS; c++) {
    for (size_t f = 0; f < sizeof FILES / sizeof *FILES; f++) {
      snprintf(path, sizeof path, "/sys/fs/cgroup/%s/%s", CONTROLLERS[c], FILES[f]);
      must_not_open(path, O_WRONLY);
    }
  }
  char own[4096];
  slurp("/proc/self/cgroup", own, sizeof own);
  bool hidden = own[0];
  for (char *line = strtok(own, "\n"); line; line = strtok(NULL, "\n")) {
    hidden = hidden && strcmp(strrchr(line, ':'), ":/") == 0;
  }
  if (hidden) {
    held("the host's path of the group", "hidden");
  } else {
    broken("the host's path of the group", "/proc/self/cgroup names it");
  }
}

void attack_system_files(void) {
  static const char *const WRITTEN[] = {"/attack",      "/etc/passwd",  "/etc/hosts", "/etc/ld.so.preload",
                                        "/usr/attack",  "/usr/bin/env", "/run/attack", "/var/attack",
                                        "/run/holdfast/guest", "/run/holdfast/attack", "/home/attack"};
  for (size_t i = 0; i < sizeof WRITTEN / sizeof *WRITTEN; i++) {
    must_not_open(WRITTEN[i], O_WRONLY | O_CREAT);
  }
  TRY("rename /usr", rename("/usr", "/tmp/usr"));
  TRY("remove the guest", unlink("/run/holdfast/guest"));
  /* Overwriting the program that started the workbench is how a container once took over its host's runtime. */
  must_not_open("/proc/1/exe", O_WRONLY);
  must_not_open("/etc/shadow", O_RDONLY);
  must_not_open("/proc/kcore", O_RDWR);
}

/* The host's own files by their path there, straight and through every door that /proc might be. */
void attack_host_files(void) {
  static const char *const WAYS[] = {"",        "/proc/1/root",    "/proc/self/root",       "/proc/1/cwd",
                                     "/..",     "/../../../../..", "/proc/self/cwd/../../..", "/usr/..",
                                     "/proc/self/root/..", "/workspace/../.."};
  char path[PATH_MAX];
  for (size_t i = 0; i < sizeof WAYS / sizeof *WAYS; i++) {
    snprintf(path, sizeof path, "%s%s", WAYS[i], argument("secret"));
    must_not_open(path, O_RDONLY);
    snprintf(path, sizeof path, "%s%s", WAYS[i], argument("neighbour"));
    must_not_open(path, O_RDONLY);
  }
  static const char *const PLACES[] = {"/root", "/var/lib", "/opt", "/srv", "/mnt", "/boot", "/work", "/var/run/docker.sock",
                                       "/run/systemd", "/run/docker.sock", "/run/dbus"};
  for (size_t i = 0; i < sizeof PLACES / sizeof *PLACES; i++) {
    must_not_open(PLACES[i], O_RDONLY);
  }
  TRY("link to the host's file", symlink(argument("secret"), "/workspace/out") ?: open("/workspace/out", O_RDONLY));
}

void attack_sys(void) {
  static const char *const PATHS[] = {"/sys", "/sys/kernel/uevent_helper", "/sys/kernel/debug", "/sys/fs/bpf",
                                      "/sys/class/net", "/sys/firmware", "/sys/power/state", "/sys/kernel/security"};
  for (size_t i = 0; i < sizeof PATHS / sizeof *PATHS; i++) {
    must_not_open(PATHS[i], O_RDONLY);
  }
}

/* A fresh process has its three streams and nothing that somebody forgot to close. */
void attack_descriptors(void) {
  DIR *open_files = opendir("/proc/self/fd");
  if (!open_files) {
    held("/proc/self/fd", "%s", strerrorname_np(errno));
    return;
  }
  for (struct dirent *entry; (entry = readdir(open_files));) {
    int fd = atoi(entry->d_name);
    if (entry->d_name[0] == '.' || fd == dirfd(open_files)) {
      continue;
    }
    char path[64], target[PATH_MAX] = "";
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    ssize_t n = readlink(path, target, sizeof target - 1);
    target[n < 0 ? 0 : n] = 0;
    bool stream = strncmp(target, "pipe:", 5) == 0 || strncmp(target, "/dev/pts/", 9) == 0 ||
                  strcmp(target, "/dev/null") == 0;
    if (fd <= 2 && stream) {
      held(path, "own-stream");
    } else {
      broken(path, "is `%s`", target);
    }
  }
  closedir(open_files);
}

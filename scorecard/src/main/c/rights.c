/* Attempts to become more than the agent is. */
#define _GNU_SOURCE
#include "attack.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <unistd.h>

void attack_ids(void) {
  TRY("setuid", setuid(0));
  TRY("setgid", setgid(0));
  TRY("setresuid", setresuid(0, 0, 0));
  TRY("setgroups", syscall(SYS_setgroups, 1, (gid_t[]){0}));
  struct __user_cap_header_struct head = {.version = _LINUX_CAPABILITY_VERSION_3};
  struct __user_cap_data_struct all[2] = {{~0u, ~0u, ~0u}, {~0u, ~0u, ~0u}};
  TRY("capset", syscall(SYS_capset, &head, all));
  TRY("ambient capability", prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_SYS_ADMIN, 0, 0));
  TRY("securebits", prctl(PR_SET_SECUREBITS, 0x3f, 0, 0, 0));
  TRY("change the memory map", prctl(PR_SET_MM, PR_SET_MM_BRK, 0, 0, 0));
  int fd = open(SCRATCH, O_WRONLY | O_CREAT | O_CLOEXEC, 0755);
  TRY("give a file to root", fchown(fd, 0, 0));
  static const char capable[20] = {1, 0, 0, 2, (char)0xff};
  TRY("file capability", fsetxattr(fd, "security.capability", capable, sizeof capable, 0));
  TRY("trusted attribute", fsetxattr(fd, "trusted.attack", "x", 1, 0));
}

/*
 * The dynamic loader prints what the kernel told it, unless the program has gained rights: so what it prints shows
 * both whose rights the program has and that it gained none.
 */
static void run_setuid(const char *path) {
  struct stat file;
  if (stat(path, &file) != 0 || !(file.st_mode & S_ISUID)) {
    return;
  }
  int out[2];
  if (pipe(out) != 0) {
    return;
  }
  pid_t child = fork();
  if (child == 0) {
    dup2(out[1], 1);
    dup2(out[1], 2);
    execle(path, path, "--version", NULL, (char *[]){(char *)(size_t)"LD_SHOW_AUXV=1", NULL});
    _exit(127);
  }
  close(out[1]);
  char text[8192];
  size_t length = 0;
  ssize_t n;
  while (length + 1 < sizeof text && (n = read(out[0], text + length, sizeof text - length - 1)) > 0) {
    length += (size_t)n;
  }
  text[length] = 0;
  close(out[0]);
  kill(child, SIGKILL);
  waitpid(child, NULL, 0);
  const char *id = strstr(text, "AT_EUID:");
  const char *secure = strstr(text, "AT_SECURE:");
  if (id && secure && (uid_t)atol(id + 8) == getuid() && atol(secure + 10) == 0) {
    held(path, "no-gain");
  } else {
    broken(path, "it ran with other rights: %.40s", id ? id : "not shown");
  }
}

void attack_setuid_programs(void) {
  static const char *const PROGRAMS[] = {"/usr/bin/su",     "/usr/bin/passwd", "/usr/bin/mount",
                                         "/usr/bin/umount", "/usr/bin/newgrp", "/usr/bin/gpasswd",
                                         "/usr/bin/chsh",   "/usr/bin/sudo",   "/usr/bin/pkexec"};
  for (size_t i = 0; i < sizeof PROGRAMS / sizeof *PROGRAMS; i++) {
    run_setuid(PROGRAMS[i]);
  }
  /* Wherever the agent can write a program, set-user-id must mean nothing. */
  char line[4096];
  FILE *mounts = fopen("/proc/self/mountinfo", "re");
  while (mounts && fgets(line, sizeof line, mounts)) {
    char where[1024] = "", options[256] = "";
    if (sscanf(line, "%*s %*s %*s %*s %1023s %255s", where, options) == 2) {
      struct stat root;
      if (strstr(options, "nosuid")) {
        held(where, "nosuid");
      } else if (access(where, W_OK) != 0 || (stat(where, &root) == 0 && S_ISCHR(root.st_mode))) {
        held(where, "no-place");
      } else if (prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1) {
        held(where, "no-new-privs"); /* a kernel that does not show the mounts' options obeys this one */
      } else {
        broken(where, "mounted with `%s`", options);
      }
    }
  }
}

static const struct {
  const char *name;
  long flag;
  const char *file;
} SPACES[] = {
    {"user", CLONE_NEWUSER, "user"}, {"mount", CLONE_NEWNS, "mnt"},      {"pid", CLONE_NEWPID, "pid"},
    {"network", CLONE_NEWNET, "net"}, {"ipc", CLONE_NEWIPC, "ipc"},      {"uts", CLONE_NEWUTS, "uts"},
    {"cgroup", CLONE_NEWCGROUP, "cgroup"},
};

void attack_namespaces(void) {
  char what[64], path[64];
  for (size_t i = 0; i < sizeof SPACES / sizeof *SPACES; i++) {
    snprintf(what, sizeof what, "unshare %s", SPACES[i].name);
    TRY(what, syscall(SYS_unshare, SPACES[i].flag));
    snprintf(what, sizeof what, "clone %s", SPACES[i].name);
    long child = syscall(SYS_clone, SPACES[i].flag | SIGCHLD, NULL, NULL, NULL, 0);
    if (child == 0) {
      _exit(0);
    }
    must_fail(what, child);
    snprintf(what, sizeof what, "enter %s", SPACES[i].name);
    snprintf(path, sizeof path, "/proc/self/ns/%s", SPACES[i].file);
    TRY(what, syscall(SYS_setns, open(path, O_RDONLY | O_CLOEXEC), 0));
    snprintf(path, sizeof path, "/proc/1/ns/%s", SPACES[i].file);
    int guests = open(path, O_RDONLY | O_CLOEXEC);
    must_fail(path, guests < 0 ? guests : syscall(SYS_setns, guests, 0));
  }
  unsigned long long args[11] = {CLONE_NEWUSER, 0, 0, 0, SIGCHLD};
  long child = syscall(SYS_clone3, args, sizeof args);
  if (child == 0) {
    _exit(0);
  }
  must_fail("clone3", child);
  TRY("enter by process", syscall(SYS_setns, syscall(SYS_pidfd_open, 1, 0), CLONE_NEWNS));
}

static void is_still(const char *what, long value, long expected) {
  if (value == expected) {
    held(what, "%ld", expected);
  } else {
    broken(what, "is %ld and not %ld", value, expected);
  }
}

/* Undoing the confinement; afterwards all of it must still be there. */
void attack_confinement(void) {
  TRY("no_new_privs off", prctl(PR_SET_NO_NEW_PRIVS, 0, 0, 0, 0));
  TRY("personality", syscall(SYS_personality, 0x0400000 /* READ_IMPLIES_EXEC */));
  TRY("seccomp off", prctl(PR_SET_SECCOMP, 0, 0, 0, 0));
  TRY("chroot", syscall(SYS_chroot, "/tmp"));
  struct __user_cap_header_struct head = {.version = _LINUX_CAPABILITY_VERSION_3};
  struct __user_cap_data_struct sets[2] = {{~0u, ~0u, ~0u}, {~0u, ~0u, ~0u}};
  is_still("reading capabilities", syscall(SYS_capget, &head, sets), 0);
  is_still("effective capabilities", sets[0].effective | sets[1].effective, 0);
  is_still("permitted capabilities", sets[0].permitted | sets[1].permitted, 0);
  is_still("inheritable capabilities", sets[0].inheritable | sets[1].inheritable, 0);
  long bounding = 0;
  for (int capability = 0; capability <= CAP_LAST_CAP; capability++) {
    bounding += prctl(PR_CAPBSET_READ, capability, 0, 0, 0) == 1;
  }
  is_still("capabilities to be gained", bounding, 0);
  is_still("no_new_privs", prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0), 1);
  is_still("seccomp", prctl(PR_GET_SECCOMP, 0, 0, 0, 0), 2);
}

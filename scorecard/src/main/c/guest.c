/* Attempts on the guest, PID 1, which runs under the agent's own user id, and on other runs' processes. */
#define _GNU_SOURCE
#include "attack.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <unistd.h>

void attack_guest_memory(void) {
  TRY("attach", syscall(SYS_ptrace, PTRACE_ATTACH, 1, NULL, NULL));
  TRY("seize", syscall(SYS_ptrace, PTRACE_SEIZE, 1, NULL, NULL));
  char byte = 0;
  struct iovec local = {&byte, 1}, remote = {(void *)0x400000, 1};
  TRY("process_vm_readv", syscall(SYS_process_vm_readv, 1, &local, 1, &remote, 1, 0));
  TRY("process_vm_writev", syscall(SYS_process_vm_writev, 1, &local, 1, &remote, 1, 0));
  TRY("kcmp", syscall(SYS_kcmp, getpid(), 1, 0, 0, 0));
  static const char *const FILES[] = {"/proc/1/mem",  "/proc/1/maps",    "/proc/1/environ", "/proc/1/fd",
                                      "/proc/1/root", "/proc/1/syscall", "/proc/1/stack",   "/proc/1/auxv",
                                      "/proc/1/task/1/mem", "/proc/1/map_files", "/proc/1/fdinfo"};
  for (size_t i = 0; i < sizeof FILES / sizeof *FILES; i++) {
    must_not_open(FILES[i], O_RDONLY);
  }
  must_not_open("/proc/1/mem", O_RDWR);
  must_not_open("/proc/1/clear_refs", O_WRONLY);
}

static char state_of(const char *process) {
  char path[64], text[1024];
  snprintf(path, sizeof path, "/proc/%s/stat", process);
  slurp(path, text, sizeof text);
  char *end = strrchr(text, ')');
  return end && end[1] ? end[2] : '?';
}

/* Every signal, thrice over each way there is. None may end or stop PID 1, or make it do anything. */
void attack_guest_signals(void) {
  int guest = (int)syscall(SYS_pidfd_open, 1, 0);
  char what[32];
  for (int signal = 1; signal <= 64; signal++) {
    union sigval value = {.sival_int = -1};
    kill(1, signal);
    syscall(SYS_tgkill, 1, 1, signal);
    sigqueue(1, signal, value);
    syscall(SYS_pidfd_send_signal, guest, signal, NULL, 0);
    usleep(1000);
    snprintf(what, sizeof what, "signal %d", signal);
    char state = state_of("1");
    if (state == 'S' || state == 'R' || state == 'D') {
      held(what, "ignored");
    } else {
      broken(what, "PID 1 is in state %c", state);
    }
  }
}

/*
 * Where the guest's descriptors open at all, none may be the channel: only the null device and what programs write into
 * anyway. Anything else is spoken into, and the host finds out.
 */
static void speak_through(const char *path) {
  char target[64] = "";
  ssize_t n = readlink(path, target, sizeof target - 1);
  target[n < 0 ? 0 : n] = 0;
  int fd = open(path, O_WRONLY | O_CLOEXEC | O_NONBLOCK);
  if (fd < 0) {
    held(path, "%s", strerrorname_np(errno));
    return;
  }
  if (strcmp(target, "/dev/null") == 0 || strncmp(target, "pipe:", 5) == 0) {
    held(path, "no-channel");
  } else {
    static const char garbage[256] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 0, (char)0xff, (char)0xff, (char)0xff, (char)0xff};
    broken(path, "is `%s`, and took %zd bytes of garbage", target, write(fd, garbage, sizeof garbage));
  }
  close(fd);
}

/* The host accepts one connection, once; frames of somebody else must find no way to it. */
void attack_guest_channel(void) {
  struct sockaddr_un channel = {.sun_family = AF_UNIX, .sun_path = "/run/holdfast/channel"};
  int stream = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  TRY("connect again", connect(stream, (struct sockaddr *)&channel, sizeof channel));
  int datagram = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  TRY("send to it", sendto(datagram, "x", 1, 0, (struct sockaddr *)&channel, sizeof channel));
  TRY("take its place", unlink(channel.sun_path));
  char path[64];
  int guest = (int)syscall(SYS_pidfd_open, 1, 0);
  for (int fd = 0; fd < 16; fd++) {
    snprintf(path, sizeof path, "/proc/1/fd/%d", fd);
    speak_through(path);
    snprintf(path, sizeof path, "take descriptor %d", fd);
    TRY(path, syscall(SYS_pidfd_getfd, guest, fd, 0));
  }
}

/* Limits of a process can be set by others of the same user id; the guest must not be starved that way. */
void attack_guest_limits(void) {
  static const struct {
    const char *name;
    int resource;
  } LIMITS[] = {{"open files", RLIMIT_NOFILE}, {"processor time", RLIMIT_CPU}, {"file size", RLIMIT_FSIZE},
                {"memory", RLIMIT_AS}};
  struct rlimit none = {1, 1};
  for (size_t i = 0; i < sizeof LIMITS / sizeof *LIMITS; i++) {
    TRY(LIMITS[i].name, syscall(SYS_prlimit64, 1, LIMITS[i].resource, &none, NULL));
    TRY(LIMITS[i].name, syscall(SYS_prlimit64, (1UL << 32) | 1, LIMITS[i].resource, &none, NULL));
  }
}

/* Every process that can be seen belongs to this workbench: it is the guest, or descends from it in plain sight. */
void attack_neighbours(void) {
  DIR *all = opendir("/proc");
  int seen = 0;
  for (struct dirent *entry; all && (entry = readdir(all));) {
    if (!isdigit((unsigned char)entry->d_name[0])) {
      continue;
    }
    seen++;
    char path[300], command[256];
    snprintf(path, sizeof path, "/proc/%s/cmdline", entry->d_name);
    slurp(path, command, sizeof command);
    bool ours = strcmp(entry->d_name, "1") == 0 || atoi(entry->d_name) == getpid() || atoi(entry->d_name) == getppid();
    if (!ours && strstr(command, argument("neighbour-command"))) {
      broken("process of another run", "%s: %s", entry->d_name, command);
    }
  }
  if (all) {
    closedir(all);
  }
  if (seen > 0 && seen < 8) {
    held("processes in sight", "own");
  } else {
    broken("processes in sight", "%d", seen);
  }
  TRY("signal one of the host", kill((pid_t)atol(argument("neighbour-pid")), 0));
  TRY("hold one of the host", syscall(SYS_pidfd_open, (pid_t)atol(argument("neighbour-pid")), 0));
}

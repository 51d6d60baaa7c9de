/* Attempts to take more than was given. Each ends with an ordinary errno, which programs understand. */
#define _GNU_SOURCE
#include "attack.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

void attack_file_size(void) {
  signal(SIGXFSZ, SIG_IGN);
  long long most = atoll(argument("file-bytes"));
  static const char *const PLACES[] = {"/workspace/large", "/tmp/large", "/home/agent/large", "/dev/shm/large"};
  for (size_t i = 0; i < sizeof PLACES / sizeof *PLACES; i++) {
    int fd = open(PLACES[i], O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0) {
      printf("unclear\t%s\t%s\n", PLACES[i], strerrorname_np(errno));
    }
    TRY(PLACES[i], pwrite(fd, "x", 1, most));
    TRY(PLACES[i], ftruncate(fd, most + 1));
    close(fd);
    unlink(PLACES[i]);
  }
}

void attack_open_files(void) {
  int most = atoi(argument("open-files"));
  int count = 0;
  while (count <= most && open("/dev/null", O_RDONLY) >= 0) {
    count++;
  }
  TRY("one more file", open("/dev/null", O_RDONLY));
  if (count > most) {
    broken("open files", "%d", count);
  }
}

void attack_raise_limits(void) {
  static const struct {
    const char *name;
    int resource;
  } LIMITS[] = {{"file size", RLIMIT_FSIZE},    {"open files", RLIMIT_NOFILE},  {"locked memory", RLIMIT_MEMLOCK},
                {"core size", RLIMIT_CORE},     {"queues", RLIMIT_MSGQUEUE},    {"nice", RLIMIT_NICE},
                {"real time", RLIMIT_RTPRIO}};
  struct rlimit all = {RLIM_INFINITY, RLIM_INFINITY};
  for (size_t i = 0; i < sizeof LIMITS / sizeof *LIMITS; i++) {
    TRY(LIMITS[i].name, setrlimit(LIMITS[i].resource, &all));
  }
  TRY("higher priority", setpriority(PRIO_PROCESS, 0, -10));
}

/* The host's core_pattern may name a program that runs there as root: nothing inside may set it off. */
void attack_core_dump(void) {
  pid_t child = fork();
  if (child == 0) {
    abort();
  }
  int status = 0;
  waitpid(child, &status, 0);
  if (WIFSIGNALED(status) && WCOREDUMP(status)) {
    broken("core dump", "written");
  } else {
    held("core dump", "none");
  }
}

/* Empty files cost no bytes, but kernel memory. */
void attack_file_count(void) {
  static const char *const PLACES[] = {"/dev/shm", "/tmp", "/home/agent"};
  char path[64];
  for (size_t i = 0; i < sizeof PLACES / sizeof *PLACES; i++) {
    int fd = 0;
    long count = 0;
    for (; fd >= 0 && count < 2000000; count++) {
      snprintf(path, sizeof path, "%s/%ld", PLACES[i], count);
      fd = mknod(path, S_IFREG | 0600, 0);
    }
    must_fail(PLACES[i], fd);
    while (count-- > 0) {
      snprintf(path, sizeof path, "%s/%ld", PLACES[i], count);
      unlink(path);
    }
  }
}

void attack_processes(void) {
  int most = atoi(argument("pids"));
  int count = 0;
  pid_t child = 1;
  while (count <= most && (child = fork()) > 0) {
    count++;
  }
  if (child == 0) {
    for (;;) {
      pause();
    }
  }
  must_fail("one more process", child);
}

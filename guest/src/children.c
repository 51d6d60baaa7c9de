#include "children.h"

#include <ctype.h>
#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int kill_child(pid_t pid, bool (*spared)(pid_t)) {
  if (spared(pid)) {
    return 0;
  }
  kill(pid, SIGKILL);
  return 1;
}

/* The kernel's own list, where it is configured in. */
static int kill_listed(FILE *list, bool (*spared)(pid_t)) {
  int found = 0;
  int pid;
  while (fscanf(list, "%d", &pid) == 1) {
    found += kill_child(pid, spared);
  }
  return found;
}

/* The parent of a process as /proc says it: the second field behind the name, which may hold any byte. */
static pid_t parent_of(const char *pid) {
  char path[64];
  char stat[512];
  snprintf(path, sizeof path, "/proc/%.20s/stat", pid);
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  ssize_t length = fd < 0 ? -1 : read(fd, stat, sizeof stat - 1);
  if (fd >= 0) {
    close(fd);
  }
  if (length <= 0) {
    return -1;
  }
  stat[length] = 0;
  const char *behind = strrchr(stat, ')');
  return behind && strlen(behind) > 4 ? atoi(behind + 4) : -1;
}

static int kill_found(bool (*spared)(pid_t)) {
  DIR *proc = opendir("/proc");
  if (!proc) {
    return -1;
  }
  int found = 0;
  pid_t self = getpid();
  struct dirent *entry;
  while ((entry = readdir(proc))) {
    if (isdigit((unsigned char)entry->d_name[0]) && parent_of(entry->d_name) == self) {
      found += kill_child(atoi(entry->d_name), spared);
    }
  }
  closedir(proc);
  return found;
}

int children_kill(bool (*spared)(pid_t pid)) {
  char path[64];
  snprintf(path, sizeof path, "/proc/self/task/%d/children", (int)getpid());
  FILE *list = fopen(path, "re");
  if (!list) {
    return kill_found(spared);
  }
  int found = kill_listed(list, spared);
  fclose(list);
  return found;
}

#include "image.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "host.h"
#include "mounts.h"

#define IMAGE "/run/image"
/* As in the container layer (ImageTree.java). */
#define MOST_ENTRIES 100

static bool is_own(const char *name) {
  static const char *const OWN[] = {".", "..", "dev", "proc", "run", "sys", "tmp", "workspace"};
  for (size_t i = 0; i < sizeof OWN / sizeof *OWN; i++) {
    if (strcmp(name, OWN[i]) == 0) {
      return true;
    }
  }
  return false;
}

static void show_link(const char *from, const char *to) {
  char value[4096];
  ssize_t length = readlink(from, value, sizeof value - 1);
  if (length < 0) {
    give_up("link `%s`", to);
  }
  value[length] = 0;
  link_to(value, to);
}

static void show(const char *name) {
  char from[300], to[300];
  struct stat found;
  snprintf(from, sizeof from, IMAGE "/%s", name);
  snprintf(to, sizeof to, "/%s", name);
  if (lstat(from, &found) != 0) {
    give_up("the image's `%s`", to);
  }
  if (S_ISLNK(found.st_mode)) {
    show_link(from, to);
  } else if (S_ISDIR(found.st_mode)) {
    make_directory(to);
    bind(from, to, MS_RDONLY);
  } else if (S_ISREG(found.st_mode)) {
    close(open(to, O_WRONLY | O_CREAT | O_CLOEXEC, 0444));
    bind(from, to, MS_RDONLY);
  }
}

void image_mount(void) {
  mount_shared("system", IMAGE, MS_RDONLY | MS_NOSUID | MS_NODEV, SYSTEM_OPTIONS);
  DIR *entries = opendir(IMAGE);
  if (!entries) {
    give_up("the image");
  }
  unsigned count = 0;
  for (struct dirent *entry; (entry = readdir(entries));) {
    if (is_own(entry->d_name)) {
      continue;
    }
    if (++count > MOST_ENTRIES) {
      errno = 0;
      give_up("the image's root has more than %d entries", MOST_ENTRIES);
    }
    show(entry->d_name);
  }
  closedir(entries);
  if (umount2(IMAGE, MNT_DETACH) != 0 || rmdir(IMAGE) != 0) {
    give_up("hide the image");
  }
}

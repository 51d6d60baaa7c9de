#include "mounts.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "host.h"

void make_directory(const char *path) {
  if (mkdir(path, 0755) != 0 && errno != EEXIST) {
    give_up("directory `%s`", path);
  }
}

void mount_at(const char *type, const char *source, const char *target, unsigned long flags, const char *options) {
  make_directory(target);
  if (mount(source, target, type, flags, options) != 0) {
    give_up("mount `%s` at `%s`", source, target);
  }
}

void mount_shared(const char *name, const char *target, unsigned long flags, const char *options) {
  char text[200], transport[64] = "trans=virtio";
  int stream = host_files(name);
  if (stream >= 0) {
    snprintf(transport, sizeof transport, "trans=fd,rfdno=%d,wfdno=%d,aname=%s", stream, stream, name);
  }
  snprintf(text, sizeof text, "%s,version=9p2000.L,msize=262144,access=any,%s", transport, options);
  mount_at("9p", name, target, flags, text);
  if (stream >= 0) {
    close(stream); /* the mount has it */
  }
}

void link_to(const char *value, const char *path) {
  if (symlink(value, path) != 0) {
    give_up("link `%s`", path);
  }
}

void bounded_tmpfs(const char *target, uint64_t bytes, const char *options) {
  char text[160];
  uint64_t inodes = bytes / 2048 > 1024 ? bytes / 2048 : 1024;
  snprintf(text, sizeof text, "size=%llu,nr_inodes=%llu,%s", (unsigned long long)bytes, (unsigned long long)inodes, options);
  mount_at("tmpfs", "tmpfs", target, MS_NOSUID | MS_NODEV, text);
}

void restrict_mount(const char *target, unsigned long flags) {
  if (mount(NULL, target, NULL, MS_REMOUNT | MS_BIND | flags, NULL) != 0) {
    give_up("restrict `%s`", target);
  }
}

void bind(const char *source, const char *target, unsigned long flags) {
  if (mount(source, target, NULL, MS_BIND, NULL) != 0) {
    give_up("mount `%s` at `%s`", source, target);
  }
  restrict_mount(target, flags | MS_NOSUID | MS_NODEV);
}

void require_plain(const char *path) {
  struct open_how how = {.flags = O_PATH | O_CLOEXEC, .resolve = RESOLVE_NO_SYMLINKS};
  int fd = (int)syscall(SYS_openat2, AT_FDCWD, path, &how, sizeof how);
  if (fd < 0) {
    give_up("mount point `%s`", path);
  }
  close(fd);
}

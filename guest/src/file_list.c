#include "file_list.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "answer.h"
#include "protocol.h"
#include "resolve.h"

#define ENTRY_FIXED 26
#define PAGE_ENTRIES 200 /* of at most 26 + 255 bytes each: a page fits a chunk */
_Static_assert(PAGE_ENTRIES * (ENTRY_FIXED + NAME_SIZE) < MAX_FILE_CHUNK, "a page of entries must fit a frame");

static uint8_t kind_of(mode_t mode) {
  return S_ISREG(mode) ? 0 : S_ISDIR(mode) ? 1 : S_ISLNK(mode) ? 2 : 3;
}

static uint8_t *put_entry(uint8_t *to, const struct stat *stat, const char *name) {
  size_t length = strlen(name);
  to = put_u8(to, kind_of(stat->st_mode));
  to = put_u64(to, (uint64_t)stat->st_size);
  to = put_u32(to, stat->st_mode & 07777);
  to = put_u64(to, (uint64_t)stat->st_mtim.tv_sec * 1000u + (uint64_t)stat->st_mtim.tv_nsec / 1000000u);
  to = put_u32(to, (uint32_t)length);
  memcpy(to, name, length + 1);
  return to + length + 1;
}

int file_stat(uint32_t stream, struct cursor *c) {
  const char *path = cursor_string(c);
  if (c->bad || c->left > 0) {
    return -1;
  }
  const char *slash = strrchr(path, '/');
  const char *name = slash ? slash + 1 : path;
  struct stat stat;
  int fd = resolve_open(path, O_PATH | O_NOFOLLOW);
  if (fd < 0 || fstat(fd, &stat) != 0) {
    answer_error(stream, errno);
  } else if (strlen(name) >= NAME_SIZE) {
    answer_error(stream, ENAMETOOLONG);
  } else {
    uint8_t *start = answer_reserve(ENTRY_FIXED + strlen(name));
    answer_commit(stream, (size_t)(put_entry(start, &stat, name) - start));
  }
  if (fd >= 0) {
    close(fd);
  }
  return 0;
}

/* The smallest names behind `after`, sorted; one more than a page, to know whether there are more. */
struct page {
  unsigned count;
  unsigned most;
  char names[PAGE_ENTRIES + 1][NAME_SIZE];
};

static void insert(struct page *page, const char *name) {
  unsigned low = 0;
  unsigned high = page->count;
  while (low < high) {
    unsigned middle = (low + high) / 2;
    if (strcmp(page->names[middle], name) < 0) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  if (low == page->most) {
    return;
  }
  page->count += page->count < page->most;
  memmove(page->names[low + 1], page->names[low], (page->count - 1 - low) * NAME_SIZE);
  strcpy(page->names[low], name);
}

static int fill(struct page *page, DIR *entries, const char *after) {
  struct dirent *entry;
  errno = 0;
  while ((entry = readdir(entries))) {
    const char *name = entry->d_name;
    if (strcmp(name, ".") != 0 && strcmp(name, "..") != 0 && strlen(name) < NAME_SIZE && strcmp(name, after) > 0) {
      insert(page, name);
    }
    errno = 0;
  }
  return errno;
}

static void send_page(uint32_t stream, int directory, const struct page *page) {
  bool more = page->count == page->most;
  unsigned count = more ? page->count - 1 : page->count;
  uint8_t *start = answer_reserve(1 + (size_t)count * (ENTRY_FIXED + NAME_SIZE));
  uint8_t *to = put_u8(start, more);
  for (unsigned i = 0; i < count; i++) {
    struct stat stat;
    if (fstatat(directory, page->names[i], &stat, AT_SYMLINK_NOFOLLOW) == 0) { /* else it has just gone */
      to = put_entry(to, &stat, page->names[i]);
    }
  }
  answer_commit(stream, (size_t)(to - start));
}

int file_list(uint32_t stream, struct cursor *c) {
  static struct page page;
  const char *path = cursor_string(c);
  const char *after = cursor_string(c);
  uint32_t limit = cursor_u32(c);
  if (c->bad || c->left > 0 || limit == 0) {
    return -1;
  }
  page.count = 0;
  page.most = (limit < PAGE_ENTRIES ? limit : PAGE_ENTRIES) + 1;
  int fd = resolve_open(path, O_RDONLY | O_DIRECTORY | O_NONBLOCK);
  DIR *entries = fd < 0 ? NULL : fdopendir(fd);
  int error = entries ? fill(&page, entries, after) : errno;
  if (error != 0) {
    answer_error(stream, error);
  } else {
    send_page(stream, fd, &page);
  }
  if (entries) {
    closedir(entries);
  }
  return 0;
}

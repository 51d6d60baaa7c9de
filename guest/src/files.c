#include "files.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "answer.h"
#include "fail.h"
#include "file_list.h"
#include "file_streams.h"
#include "protocol.h"
#include "reap.h"
#include "resolve.h"
#include "streams.h"
#include "tree.h"

void files_open(const char *workspace) {
  resolve_below(workspace);
}

static void answer(uint32_t stream, int error) {
  if (error == 0) {
    answer_done(stream);
  } else {
    answer_error(stream, error);
  }
}

/* Removing a large tree takes long: a child does it, so that everything else goes on meanwhile. */
struct deletion {
  struct worker worker;
  uint32_t stream;
};

static void deletion_done(struct worker *worker, int status) {
  struct deletion *deletion = OWNER_OF(worker, struct deletion, worker);
  answer(deletion->stream, WIFEXITED(status) ? WEXITSTATUS(status) : EINTR);
  free(deletion);
}

/* Lets go of everything else first: a copy of a pipe's end would keep the pipe open. */
__attribute__((noreturn)) static void delete_and_exit(int parent, const char *name) {
  dup2(parent, 3);
  close_range(4, ~0u, 0);
  _exit(tree_delete(3, name));
}

/* 0 when a child is at it, else an errno. */
static int delete_in_child(uint32_t stream, int parent, const char *name) {
  struct deletion *deletion = malloc(sizeof *deletion);
  if (!deletion) {
    return ENOMEM;
  }
  *deletion = (struct deletion){.worker = {.done = deletion_done}, .stream = stream};
  if (!reap_has_room_for_worker()) {
    free(deletion);
    return EAGAIN;
  }
  deletion->worker.pid = fork();
  if (deletion->worker.pid == 0) {
    delete_and_exit(parent, name);
  }
  if (deletion->worker.pid < 0) {
    int error = errno;
    free(deletion);
    return error;
  }
  reap_add_worker(&deletion->worker);
  return 0;
}

static int delete(uint32_t stream, struct cursor *c) {
  const char *path = cursor_string(c);
  char name[NAME_SIZE];
  if (c->bad || c->left > 0) {
    return -1;
  }
  int parent = resolve_parent(path, false, name);
  if (parent < 0) {
    answer_error(stream, errno);
    return 0;
  }
  int error = unlinkat(parent, name, 0) == 0 ? 0 : errno;
  if (error == EISDIR) {
    error = unlinkat(parent, name, AT_REMOVEDIR) == 0 ? 0 : errno;
  }
  if (error == ENOTEMPTY) {
    error = delete_in_child(stream, parent, name);
    if (error == 0) {
      close(parent);
      return 0;
    }
  }
  close(parent);
  answer(stream, error);
  return 0;
}

static int make_directory(uint32_t stream, struct cursor *c) {
  const char *path = cursor_string(c);
  if (c->bad || c->left > 0) {
    return -1;
  }
  int fd = resolve_make_directory(path);
  answer(stream, fd < 0 ? errno : 0);
  if (fd >= 0) {
    close(fd);
  }
  return 0;
}

/* Both parents are held open and the names have no slash: nothing can lead the rename elsewhere. */
static int rename_between(const char *from, const char *to) {
  char from_name[NAME_SIZE];
  char to_name[NAME_SIZE];
  int from_parent = resolve_parent(from, false, from_name);
  int error = from_parent < 0 ? errno : 0;
  int to_parent = error ? -1 : resolve_parent(to, false, to_name);
  if (error == 0) {
    error = to_parent < 0 ? errno : 0;
  }
  if (error == 0 && renameat(from_parent, from_name, to_parent, to_name) != 0) {
    error = errno == EXDEV ? EOPNOTSUPP : errno; /* a mount point, or a directory of an overlay's base */
  }
  if (from_parent >= 0) {
    close(from_parent);
  }
  if (to_parent >= 0) {
    close(to_parent);
  }
  return error;
}

static int move(uint32_t stream, struct cursor *c) {
  const char *from = cursor_string(c);
  const char *to = cursor_string(c);
  if (c->bad || c->left > 0) {
    return -1;
  }
  answer(stream, rename_between(from, to));
  return 0;
}

int files_request(const struct frame *frame) {
  struct cursor c = cursor_over(frame);
  uint8_t op = cursor_u8(&c);
  if (frame->stream == 0 || (frame->stream & GUEST_STREAM) || streams_find(frame->stream)) {
    return -1;
  }
  switch (op) {
    case FILE_READ:
      return file_read_start(frame->stream, &c);
    case FILE_WRITE:
      return file_write_start(frame->stream, &c);
    case FILE_STAT:
      return file_stat(frame->stream, &c);
    case FILE_LIST:
      return file_list(frame->stream, &c);
    case FILE_DELETE:
      return delete(frame->stream, &c);
    case FILE_MKDIR:
      return make_directory(frame->stream, &c);
    case FILE_MOVE:
      return move(frame->stream, &c);
    default:
      return -1;
  }
}

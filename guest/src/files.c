#include "files.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
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

/* What takes long, a child does, so that everything else goes on meanwhile. */
struct job {
  struct worker worker;
  uint32_t stream;
};

static void job_done(struct worker *worker, int status) {
  struct job *job = OWNER_OF(worker, struct job, worker);
  answer(job->stream, WIFEXITED(status) ? WEXITSTATUS(status) : EINTR);
  free(job);
}

/* Lets go of everything but 3 and 4: a copy of a pipe's end would keep the pipe open. */
static void keep_only(int first, int second) {
  int copy = fcntl(second, F_DUPFD, 5); /* 4 may be one of the two */
  first = fcntl(first, F_DUPFD, 5);
  dup2(first, 3);
  dup2(copy, 4);
  close_range(5, INT_MAX, 0) /* gVisor refuses ~0u */;
}

/* Forks: 0 in the child; in the parent -1, and `error` says whether a child is at it. */
static int start_job(uint32_t stream, int *error) {
  struct job *job = reap_has_room_for_worker() ? malloc(sizeof *job) : NULL;
  if (!job) {
    *error = EAGAIN;
    return -1;
  }
  *job = (struct job){.worker = {.done = job_done}, .stream = stream};
  job->worker.pid = fork();
  if (job->worker.pid == 0) {
    return 0;
  }
  *error = job->worker.pid < 0 ? errno : 0;
  if (*error != 0) {
    free(job);
  } else {
    reap_add_worker(&job->worker);
  }
  return -1;
}

/* 0 when a child is at it, else an errno. */
static int delete_in_child(uint32_t stream, int parent, const char *name) {
  int error;
  if (start_job(stream, &error) == 0) {
    keep_only(parent, parent);
    _exit(tree_delete(3, name));
  }
  return error;
}

/*
 * Across file systems, and for a directory of an overlay's base, a rename is a copy and a removal: mv does it, between
 * the two directories that are held open. Its exit code 1 becomes EIO.
 */
static int move_in_child(uint32_t stream, int from, const char *from_name, int to, const char *to_name) {
  int error;
  if (start_job(stream, &error) != 0) {
    return error;
  }
  keep_only(from, to);
  char source[32 + NAME_SIZE];
  char target[32 + NAME_SIZE];
  snprintf(source, sizeof source, "/proc/self/fd/3/%s", from_name);
  snprintf(target, sizeof target, "/proc/self/fd/4/%s", to_name);
  const char *script = "mv -fT -- \"$0\" \"$1\" 2>/dev/null || exit 5";
  execl("/bin/sh", "sh", "-c", script, source, target, (char *)NULL);
  _exit(EOPNOTSUPP);
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

/* Between directories that are held open, names without a slash: nothing can lead the rename elsewhere. */
static void rename_between(uint32_t stream, int from, const char *from_name, int to, const char *to_name) {
  int error = renameat(from, from_name, to, to_name) == 0 ? 0 : errno;
  if (error == EXDEV) {
    error = move_in_child(stream, from, from_name, to, to_name);
    if (error == 0) {
      return; /* the child's end will be the answer */
    }
  }
  answer(stream, error);
}

static int move(uint32_t stream, struct cursor *c) {
  const char *from = cursor_string(c);
  const char *to = cursor_string(c);
  char from_name[NAME_SIZE];
  char to_name[NAME_SIZE];
  if (c->bad || c->left > 0) {
    return -1;
  }
  int from_parent = resolve_parent(from, false, from_name);
  int to_parent = from_parent < 0 ? -1 : resolve_parent(to, false, to_name);
  if (to_parent < 0) {
    answer_error(stream, errno);
  } else {
    rename_between(stream, from_parent, from_name, to_parent, to_name);
    close(to_parent);
  }
  if (from_parent >= 0) {
    close(from_parent);
  }
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

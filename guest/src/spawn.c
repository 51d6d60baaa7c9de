#include "spawn.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#define DEFAULT_PATH "/usr/local/bin:/usr/bin:/bin"
#define STACK_SIZE (64 * 1024)

enum step { STEP_DIRECTORY, STEP_SETUP, STEP_PROGRAM };

/* Shared with the child, which runs in the parent's memory until its exec while the parent stands still. */
struct attempt {
  const struct spawn *what;
  const char *path;
  char **shell;         /* argv for a script without #!, or NULL */
  enum step step;
  int error;
};

static const char *path_of(char *const *env) {
  for (; *env; env++) {
    if (strncmp(*env, "PATH=", 5) == 0) {
      return *env + 5;
    }
  }
  return DEFAULT_PATH;
}

/* execve, and for a script without #! the shell, as execvp does. */
static void exec_file(struct attempt *attempt, const char *file) {
  const struct spawn *what = attempt->what;
  execve(file, what->argv, what->env);
  if (errno == ENOEXEC) {
    attempt->shell[0] = (char *)(uintptr_t) "sh";
    attempt->shell[1] = (char *)(uintptr_t)file;
    execve("/bin/sh", attempt->shell, what->env);
  }
}

/* Tries the directories of PATH in turn. Leaves errno; EACCES wins over a later ENOENT. */
static void exec_on_path(struct attempt *attempt) {
  const char *name = attempt->what->argv[0];
  size_t name_length = strlen(name);
  bool denied = false;
  char file[4096];
  errno = ENOENT;
  for (const char *at = attempt->path; *at;) {
    size_t length = strcspn(at, ":");
    if (length > 0 && length + name_length + 2 <= sizeof file) {
      memcpy(file, at, length);
      file[length] = '/';
      memcpy(file + length + 1, name, name_length + 1);
      exec_file(attempt, file);
      denied |= errno == EACCES;
      if (errno != ENOENT && errno != ENOTDIR && errno != EACCES) {
        return;
      }
    }
    at += length + (at[length] == ':');
  }
  errno = denied ? EACCES : ENOENT;
}

static void reset_signals(void) {
  struct sigaction standard = {.sa_handler = SIG_DFL};
  sigaction(SIGPIPE, &standard, NULL);
  sigaction(SIGXFSZ, &standard, NULL);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, NULL);
}

static int set_up(const struct spawn *what) {
  if (setsid() < 0) {
    return -1;
  }
  for (int fd = 0; fd < 3; fd++) {
    if (dup2(what->stdio[fd], fd) < 0) {
      return -1;
    }
  }
  if (what->terminal && ioctl(0, TIOCSCTTY, 0) < 0) {
    return -1;
  }
  return what->subreaper ? prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) : 0;
}

/* Runs in the child: only async-signal-safe calls, and no writes but to the attempt and its own stack. */
static int child(void *argument) {
  struct attempt *attempt = argument;
  const struct spawn *what = attempt->what;
  attempt->step = STEP_SETUP;
  if (set_up(what) == 0) {
    attempt->step = STEP_DIRECTORY;
    if (chdir(what->directory) == 0) {
      attempt->step = STEP_PROGRAM;
      reset_signals();
      if (strchr(what->argv[0], '/')) {
        exec_file(attempt, what->argv[0]);
      } else {
        exec_on_path(attempt);
      }
    }
  }
  attempt->error = errno;
  _exit(127);
}

static void explain(const struct attempt *attempt, char *reason, size_t size) {
  const char *why = strerror(attempt->error);
  switch (attempt->step) {
    case STEP_DIRECTORY:
      snprintf(reason, size, "cannot enter directory `%.512s`: %s", attempt->what->directory, why);
      break;
    case STEP_SETUP:
      snprintf(reason, size, "cannot set up the process: %s", why);
      break;
    case STEP_PROGRAM:
      snprintf(reason, size, "cannot run `%.512s`: %s", attempt->what->argv[0], why);
      break;
  }
}

pid_t spawn(const struct spawn *what, char *reason, size_t reason_size) {
  static _Alignas(16) char stack[STACK_SIZE]; /* one child at a time uses it: CLONE_VFORK */
  size_t count = 0;
  while (what->argv[count]) {
    count++;
  }
  char *shell[count + 2]; /* sh, file, argv[1].., NULL */
  memcpy(shell + 2, what->argv + 1, count * sizeof *shell);
  struct attempt attempt = {.what = what, .path = path_of(what->env), .shell = shell, .step = STEP_SETUP};
  pid_t pid = clone(child, stack + sizeof stack, CLONE_VM | CLONE_VFORK | SIGCHLD, &attempt);
  if (pid < 0) {
    attempt.error = errno;
  } else if (attempt.error != 0) {
    waitpid(pid, NULL, 0);
  } else {
    return pid;
  }
  explain(&attempt, reason, reason_size);
  errno = attempt.error;
  return -1;
}

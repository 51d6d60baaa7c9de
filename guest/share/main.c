/*
 * Serves directories to the kernel of a machine, in the protocol 9P2000.L over one byte stream. It has the rights of whom
 * it runs as, and none of its own: what the agent's id cannot do, its machine cannot.
 *
 *   share (--fd N | --listen PATH) [--control PATH] [--session PATH] (--tree NAME=PATH | --read-only NAME=PATH)...
 *
 *   --fd N                 the stream is an open descriptor
 *   --listen PATH          the stream is the first connection to a Unix socket, whose name is removed then
 *   --control PATH         connects to the host's Unix socket, over which it is told to save its session (control.h)
 *   --session PATH         goes on with a session that was saved (session.h); the client does not begin anew
 *   --tree NAME=PATH       serves a directory to clients that attach to NAME (mount option `aname`); 8 at most
 *   --read-only NAME=PATH  the same, but nothing in it can be changed
 *
 * It ends with status 0 when the client closes the stream, and otherwise with 70 and a line on stderr. Mounts over what
 * is below a tree are seen whenever they are made, mounts over the tree itself only when they are there at the start.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "connection.h"
#include "control.h"
#include "fail.h"
#include "session.h"
#include "tree.h"

struct options {
  int fd;
  const char *listen;
  const char *control;
  const char *session;
};

__attribute__((noreturn)) static void usage(const char *option) {
  errno = 0;
  fail("option `%s` is not one of --fd N, --listen PATH, --control PATH, --session PATH, --tree NAME=PATH, --read-only "
       "NAME=PATH",
       option);
}

static int parse_descriptor(const char *text) {
  char *end;
  long number = strtol(text, &end, 10);
  if (*text == 0 || *end != 0 || number < 0 || number > 1 << 20) {
    usage(text);
  }
  return (int)number;
}

static void export(char *tree, bool read_only) {
  char *path = strchr(tree, '=');
  if (!path) {
    usage(tree);
  }
  *path++ = 0;
  if (!tree_export(tree, path, read_only)) {
    fail("tree `%s`", path);
  }
}

static struct options parse(int argc, char **argv) {
  struct options options = {.fd = -1};
  for (int i = 1; i < argc; i += 2) {
    if (i + 1 == argc) {
      usage(argv[i]);
    } else if (strcmp(argv[i], "--fd") == 0) {
      options.fd = parse_descriptor(argv[i + 1]);
    } else if (strcmp(argv[i], "--listen") == 0) {
      options.listen = argv[i + 1];
    } else if (strcmp(argv[i], "--control") == 0) {
      options.control = argv[i + 1];
    } else if (strcmp(argv[i], "--session") == 0) {
      options.session = argv[i + 1];
    } else if (strcmp(argv[i], "--tree") == 0 || strcmp(argv[i], "--read-only") == 0) {
      export(argv[i + 1], argv[i][2] == 'r');
    } else {
      usage(argv[i]);
    }
  }
  if ((options.fd < 0) == !options.listen) {
    usage("");
  }
  return options;
}

static struct sockaddr_un address_of(const char *path) {
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  if (strlen(path) >= sizeof address.sun_path) {
    errno = ENAMETOOLONG;
    fail("socket `%s`", path);
  }
  strcpy(address.sun_path, path);
  return address;
}

static int open_socket(const char *path) {
  int descriptor = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (descriptor < 0) {
    fail("socket `%s`", path);
  }
  return descriptor;
}

static int connect_to(const char *path) {
  struct sockaddr_un address = address_of(path);
  int control = open_socket(path);
  if (connect(control, (struct sockaddr *)&address, sizeof address) != 0) {
    fail("socket `%s`", path);
  }
  return control;
}

static int accept_one(const char *path) {
  struct sockaddr_un address = address_of(path);
  int listener = open_socket(path);
  if (bind(listener, (struct sockaddr *)&address, sizeof address) != 0 || listen(listener, 1) != 0) {
    fail("socket `%s`", path);
  }
  int stream = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
  if (stream < 0 || unlink(path) != 0) {
    fail("socket `%s`", path);
  }
  close(listener);
  return stream;
}

/* Waiting is done in reading and writing, whatever others that had the descriptor wanted. */
static void let_it_block(int stream) {
  int flags = fcntl(stream, F_GETFL);
  if (flags < 0 || fcntl(stream, F_SETFL, flags & ~O_NONBLOCK) != 0) {
    fail("descriptor %d", stream);
  }
}

static bool is_busy(const struct pollfd *stream) {
  return connection_is_amid() || (stream->revents & POLLIN);
}

static void run(int stream, int control) {
  struct pollfd wait_for[2] = {{.fd = stream, .events = POLLIN}, {.fd = control, .events = POLLIN}};
  for (;;) {
    if (poll(wait_for, 2, -1) < 0) {
      fail("poll");
    }
    if (wait_for[1].revents && !control_serve(control, is_busy(&wait_for[0]))) {
      wait_for[1].fd = -1; /* nobody is there to ask any more; the machine goes on */
    }
    if (wait_for[0].revents && !connection_serve(stream)) {
      return;
    }
  }
}

static void set_up_process(void) {
  umask(0); /* modes are what the client says */
  signal(SIGPIPE, SIG_IGN);
  signal(SIGXFSZ, SIG_IGN); /* a file beyond the limit is an error for the client */
  if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0 || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) {
    fail("prctl");
  }
}

int main(int argc, char **argv) {
  struct options options = parse(argc, argv);
  set_up_process();
  if (options.session) {
    session_continue(options.session);
  }
  int control = options.control ? connect_to(options.control) : -1;
  int stream = options.listen ? accept_one(options.listen) : options.fd;
  let_it_block(stream);
  run(stream, control);
  return 0;
}

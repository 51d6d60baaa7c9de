/*
 * Serves directories to the kernel of a machine, in the protocol 9P2000.L over one byte stream. It has the rights of whom
 * it runs as, and none of its own: what the agent's id cannot do, its machine cannot.
 *
 *   share (--fd N | --listen PATH) (--tree NAME=PATH | --read-only NAME=PATH)...
 *
 *   --fd N                 the stream is an open descriptor
 *   --listen PATH          the stream is the first connection to a Unix socket, whose name is removed then
 *   --tree NAME=PATH       serves a directory to clients that attach to NAME (mount option `aname`); 8 at most
 *   --read-only NAME=PATH  the same, but nothing in it can be changed
 *
 * It ends with status 0 when the client closes the stream, and otherwise with 70 and a line on stderr. Mounts over what
 * is below a tree are seen whenever they are made, mounts over the tree itself only when they are there at the start.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "connection.h"
#include "fail.h"
#include "tree.h"

struct options {
  int fd;
  const char *listen;
};

__attribute__((noreturn)) static void usage(const char *option) {
  errno = 0;
  fail("option `%s` is not one of --fd N, --listen PATH, --tree NAME=PATH, --read-only NAME=PATH", option);
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

static int accept_one(const char *path) {
  struct sockaddr_un name = {.sun_family = AF_UNIX};
  if (strlen(path) >= sizeof name.sun_path) {
    errno = ENAMETOOLONG;
    fail("socket `%s`", path);
  }
  strcpy(name.sun_path, path);
  int listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (listener < 0 || bind(listener, (struct sockaddr *)&name, sizeof name) != 0 || listen(listener, 1) != 0) {
    fail("socket `%s`", path);
  }
  int stream;
  do {
    stream = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
  } while (stream < 0 && errno == EINTR);
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

int main(int argc, char **argv) {
  struct options options = parse(argc, argv);
  umask(0); /* modes are what the client says */
  signal(SIGPIPE, SIG_IGN);
  signal(SIGXFSZ, SIG_IGN); /* a file beyond the limit is an error for the client */
  if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0 || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) {
    fail("prctl");
  }
  int stream = options.listen ? accept_one(options.listen) : options.fd;
  let_it_block(stream);
  while (connection_serve(stream)) {
  }
  return 0;
}

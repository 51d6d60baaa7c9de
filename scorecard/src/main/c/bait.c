/*
 * What the host puts within reach, in case the walls have a hole: an abstract socket, a listener on its loopback, a key
 * in a keyring, shared memory and a queue that anybody may use. Says in one line where they are, then tells of every
 * visitor in a line of its own, and takes everything away again when stdin ends.
 */
#define _GNU_SOURCE
#include "attack.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/keyctl.h>
#include <netinet/in.h>
#include <poll.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/msg.h>
#include <sys/prctl.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <unistd.h>

static void need(const char *what, long result) {
  if (result < 0) {
    fprintf(stderr, "bait: %s: %s\n", what, strerror(errno));
    exit(1);
  }
}

static int listen_abstract(int type, const char *given) {
  struct sockaddr_un name = {.sun_family = AF_UNIX};
  memcpy(name.sun_path + 1, given, strlen(given));
  socklen_t length = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 + strlen(given));
  int fd = socket(AF_UNIX, type | SOCK_CLOEXEC, 0);
  need("abstract socket", fd < 0 ? fd : bind(fd, (struct sockaddr *)&name, length));
  need("abstract socket", listen(fd, 8));
  return fd;
}

static int listen_loopback(int *port) {
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
  int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  need("loopback", bind(fd, (struct sockaddr *)&address, sizeof address));
  need("loopback", listen(fd, 8));
  socklen_t length = sizeof address;
  need("loopback", getsockname(fd, (struct sockaddr *)&address, &length));
  *port = ntohs(address.sin_port);
  return fd;
}

static void tell_of_visitors(struct pollfd *doors, const char *const *names, int count) {
  for (;;) {
    need("poll", poll(doors, (nfds_t)count, -1));
    if (doors[0].revents) {
      return; /* the one who laid the bait is done */
    }
    for (int i = 1; i < count; i++) {
      if (doors[i].revents) {
        close(accept(doors[i].fd, NULL, NULL));
        printf("visited\t%s\n", names[i]);
        fflush(stdout);
      }
    }
  }
}

int bait(void) {
  prctl(PR_SET_PDEATHSIG, 9);
  const char *name = argument("name");
  int port;
  int stream = listen_abstract(SOCK_STREAM, name);
  int loopback = listen_loopback(&port);
  long key = syscall(SYS_add_key, "user", name, argument("token"), strlen(argument("token")), KEY_SPEC_USER_KEYRING);
  need("key", key);
  need("key", syscall(SYS_keyctl, KEYCTL_SETPERM, key, 0x3f3f3f3f));
  key_t ipc = (key_t)((unsigned)getpid() * 2654435761u >> 1);
  int memory = shmget(ipc, 4096, IPC_CREAT | IPC_EXCL | 0666);
  need("shared memory", memory);
  int queue = msgget(ipc, IPC_CREAT | IPC_EXCL | 0666);
  need("queue", queue);
  char shared[128];
  snprintf(shared, sizeof shared, "/dev/shm/%s", name);
  int file = open(shared, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
  need("POSIX shared memory", file);

  printf("abstract=%s\tport=%d\tkey=%ld\tkey-name=%s\tkey-session=%s\tipc=%ld\tshm=%d\tposix-shm=%s\n", name, port, key, name,
         name, (long)ipc, memory, shared);
  fflush(stdout);
  struct pollfd doors[] = {{0, POLLIN, 0}, {stream, POLLIN, 0}, {loopback, POLLIN, 0}};
  static const char *const NAMES[] = {"", "abstract socket", "loopback"};
  tell_of_visitors(doors, NAMES, 3);

  unlink(shared);
  msgctl(queue, IPC_RMID, NULL);
  shmctl(memory, IPC_RMID, NULL);
  syscall(SYS_keyctl, KEYCTL_REVOKE, key);
  return 0;
}

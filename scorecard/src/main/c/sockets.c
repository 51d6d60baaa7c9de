/* Attempts to talk to anything that is not in the workbench. */
#define _GNU_SOURCE
#include "attack.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/vm_sockets.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/msg.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

static bool is_allowed(int family, int type, int protocol) {
  if (family == AF_UNIX) {
    return true;
  }
  bool ip = family == AF_INET || family == AF_INET6;
  return ip && ((type == SOCK_STREAM && (protocol == 0 || protocol == IPPROTO_TCP)) ||
                (type == SOCK_DGRAM && (protocol == 0 || protocol == IPPROTO_UDP)));
}

/* Every family and type that the kernel may know; one that opens and is not for talking to oneself is a way out. */
void attack_socket_families(void) {
  static const int TYPES[] = {SOCK_STREAM, SOCK_DGRAM, SOCK_RAW, SOCK_RDM, SOCK_SEQPACKET, SOCK_DCCP, 10 /* SOCK_PACKET */};
  static const int PROTOCOLS[] = {0, 1, 6, 17, 58, 132, 136, 255, 262 /* MPTCP */};
  char what[64];
  for (int family = 1; family < 48; family++) {
    for (size_t t = 0; t < sizeof TYPES / sizeof *TYPES; t++) {
      for (size_t p = 0; p < sizeof PROTOCOLS / sizeof *PROTOCOLS; p++) {
        if (is_allowed(family, TYPES[t], PROTOCOLS[p])) {
          continue;
        }
        int fd = socket(family, TYPES[t], PROTOCOLS[p]);
        if (fd >= 0 || errno != ENOSYS) {
          snprintf(what, sizeof what, "family %d type %d protocol %d", family, TYPES[t], PROTOCOLS[p]);
          must_fail(what, fd);
        }
        if (fd >= 0) {
          close(fd);
        }
      }
    }
  }
  /* The kernel ignores the upper half of the arguments; the filter must as well. */
  TRY("netlink with an upper half", syscall(41 /* socket */, (1UL << 32) | AF_NETLINK, SOCK_RAW, 0));
  TRY("raw with flags", socket(AF_INET, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, 1));
  TRY("pair of another family", socketpair(AF_INET, SOCK_STREAM, 0, (int[2]){0}));
}

void attack_host_abstract(void) {
  static const int TYPES[] = {SOCK_STREAM, SOCK_SEQPACKET, SOCK_DGRAM};
  struct sockaddr_un name = {.sun_family = AF_UNIX};
  const char *given = argument("abstract");
  memcpy(name.sun_path + 1, given, strlen(given));
  socklen_t length = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 + strlen(given));
  for (size_t i = 0; i < sizeof TYPES / sizeof *TYPES; i++) {
    int fd = socket(AF_UNIX, TYPES[i] | SOCK_CLOEXEC, 0);
    TRY("connect", connect(fd, (struct sockaddr *)&name, length));
    close(fd);
  }
  char names[4096];
  slurp("/proc/net/unix", names, sizeof names);
  if (strstr(names, given)) {
    broken("list of sockets", "names the host's");
  } else {
    held("list of sockets", "own");
  }
}

/* A packet that its kernel drops on the loopback device is never answered: that stays in progress. */
static int outcome_of(int fd) {
  struct pollfd connecting = {.fd = fd, .events = POLLOUT};
  int error = EINPROGRESS;
  socklen_t length = sizeof error;
  if (poll(&connecting, 1, 5000) == 1) {
    getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &length);
  }
  errno = error;
  return error == 0 ? 0 : -1;
}

static void dial(const char *what, int family, const char *address, int port, int type) {
  struct sockaddr_in v4 = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
  struct sockaddr_in6 v6 = {.sin6_family = AF_INET6, .sin6_port = htons((uint16_t)port)};
  v6.sin6_scope_id = address[0] == 'f' ? 1 : 0; /* link-local addresses name their device */
  inet_pton(family, address, family == AF_INET ? (void *)&v4.sin_addr : (void *)&v6.sin6_addr);
  int fd = socket(family, type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  struct sockaddr *to = family == AF_INET ? (struct sockaddr *)&v4 : (struct sockaddr *)&v6;
  int result = connect(fd, to, family == AF_INET ? sizeof v4 : sizeof v6);
  if (result != 0 && errno == EINPROGRESS) {
    result = outcome_of(fd);
  }
  must_fail(what, result);
  close(fd);
}

void attack_host_loopback(void) {
  int port = atoi(argument("port"));
  dial("127.0.0.1", AF_INET, "127.0.0.1", port, SOCK_STREAM);
  dial("0.0.0.0", AF_INET, "0.0.0.0", port, SOCK_STREAM);
  dial("::1", AF_INET6, "::1", port, SOCK_STREAM);
  dial("::ffff:127.0.0.1", AF_INET6, "::ffff:127.0.0.1", port, SOCK_STREAM);
}

/* An address outside, metadata services, a resolver, the host by its own addresses, a broadcast. */
static const char *const OUTSIDE[] = {"192.0.2.1", "169.254.169.254", "10.0.0.1",      "172.17.0.1", "8.8.8.8",
                                      "255.255.255.255", "2001:db8::1", "fd00:ec2::254", "fe80::1",    "ff02::1"};
#define ADDRESSES (sizeof OUTSIDE / sizeof *OUTSIDE)

/* A kernel may take its time to say that nobody is there, so all are called at once. */
static void *dial_outside(void *address) {
  char what[64];
  const char *to = address;
  int family = strchr(to, ':') ? AF_INET6 : AF_INET;
  dial(to, family, to, 80, SOCK_STREAM);
  snprintf(what, sizeof what, "%s by UDP", to);
  dial(what, family, to, 53, SOCK_DGRAM);
  return NULL;
}

void attack_outside(void) {
  pthread_t callers[ADDRESSES];
  for (size_t i = 0; i < ADDRESSES; i++) {
    if (pthread_create(&callers[i], NULL, dial_outside, (void *)(size_t)OUTSIDE[i]) != 0) {
      printf("unclear\t%s\tno thread\n", OUTSIDE[i]);
      return;
    }
  }
  for (size_t i = 0; i < ADDRESSES; i++) {
    pthread_join(callers[i], NULL);
  }
  char devices[4096];
  slurp("/proc/net/dev", devices, sizeof devices);
  int count = 0;
  for (char *at = devices; (at = strchr(at, ':')); at++) {
    count++;
  }
  if (count == 1 && strstr(devices, " lo:")) {
    held("network devices", "loopback-only");
  } else {
    broken("network devices", "%d", count);
  }
}

/* Shared memory and message queues of the host that anybody may use: mode 0666. */
void attack_host_ipc(void) {
  key_t key = (key_t)strtol(argument("ipc"), NULL, 10);
  TRY("shared memory by key", shmget(key, 0, 0));
  TRY("shared memory by id", (long)shmat(atoi(argument("shm")), NULL, 0));
  TRY("queue by key", msgget(key, 0));
  struct stat file;
  TRY("POSIX shared memory", stat(argument("posix-shm"), &file));
}

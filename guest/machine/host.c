#include "host.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/reboot.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

/* After <sys/socket.h>, whose types it uses. */
#include <linux/vm_sockets.h>

#include "../src/wire.h"
#include "lanes.h"

/* Where the host listens; Firecracker.java has the same. */
#define CHANNEL_PORT 52
#define SYSTEM_PORT 53
#define SHARES_PORT 54
#define TRIES 500

static int port = -1;
static bool calls;        /* the port is a connection */
static bool called_again; /* it is not the first */

static void pause_ms(long ms) {
  struct timespec time = {.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000};
  nanosleep(&time, NULL);
}

static int call(unsigned number) {
  struct sockaddr_vm host = {.svm_family = AF_VSOCK, .svm_cid = VMADDR_CID_HOST, .svm_port = number};
  int fd = socket(AF_VSOCK, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd >= 0 && connect(fd, (struct sockaddr *)&host, sizeof host) == 0) {
    return fd;
  }
  int error = errno;
  close(fd);
  errno = error;
  return -1;
}

int host_open(void) {
  for (int i = 0; i < TRIES && port < 0; i++) {
    port = open("/dev/vport0p1", O_RDWR | O_CLOEXEC);
    if (port < 0) {
      port = call(CHANNEL_PORT);
      calls = port >= 0;
    }
    if (port < 0) {
      pause_ms(10);
    }
  }
  return port;
}

int host_port(const char *path, int flags) {
  int fd = -1;
  for (int i = 0; i < TRIES && fd < 0; i++) {
    fd = open(path, O_RDWR | O_CLOEXEC | flags);
    if (fd < 0) {
      pause_ms(10);
    }
  }
  /* A snapshot must not be taken of a port whose host has not been noticed yet. */
  struct pollfd wait_for = {.fd = fd, .events = POLLOUT};
  for (int i = 0; i < TRIES && fd >= 0 && (poll(&wait_for, 1, 0) < 0 || (wait_for.revents & POLLHUP)); i++) {
    pause_ms(10);
  }
  if (fd < 0 || (wait_for.revents & POLLHUP)) {
    give_up("port `%s`", path);
  }
  return fd;
}

void host_speak_over(int other) {
  port = other;
}

static int call_until_heard(unsigned number) {
  int fd = -1;
  for (int i = 0; i < TRIES && (fd = call(number)) < 0; i++) {
    pause_ms(10);
  }
  return fd;
}

int host_files(const char *name) {
  if (!calls) {
    return lanes_client(name);
  }
  int fd = call_until_heard(strcmp(name, "system") == 0 ? SYSTEM_PORT : SHARES_PORT);
  if (fd < 0) {
    give_up("call the host for `%s`", name);
  }
  return fd;
}

static void call_again(void) {
  int fd = call_until_heard(CHANNEL_PORT);
  if (fd < 0 || dup3(fd, port, O_CLOEXEC) < 0) {
    give_up("call the host again");
  }
  close(fd);
  called_again = true;
}

/*
 * False when the connection is gone. A serial port stays: while nobody is connected on the host's side a read yields
 * nothing at once, and it is looked again in a millisecond.
 */
static bool hear_exactly(uint8_t *bytes, size_t length) {
  size_t have = 0;
  while (have < length) {
    struct pollfd wait_for = {.fd = port, .events = POLLIN};
    poll(&wait_for, 1, -1);
    ssize_t n = read(port, bytes + have, length - have);
    if (n > 0) {
      have += (size_t)n;
    } else if (calls && (n == 0 || (errno != EAGAIN && errno != EINTR))) {
      return false;
    } else if (n < 0 && errno != EAGAIN && errno != EINTR) {
      give_up("the port to the host");
    } else {
      pause_ms(1);
    }
  }
  return true;
}

static bool hear_message(uint8_t *bytes, size_t size, size_t *length) {
  uint8_t header[4];
  if (!hear_exactly(header, sizeof header)) {
    return false;
  }
  struct cursor c = {header, sizeof header, false};
  *length = cursor_u32(&c);
  if (*length > size) {
    errno = 0;
    give_up("a message of %zu bytes", *length);
  }
  return hear_exactly(bytes, *length);
}

size_t host_hear(uint8_t *bytes, size_t size) {
  size_t length;
  while (!hear_message(bytes, size, &length)) {
    call_again();
  }
  return length;
}

bool host_pass_on(int gate) {
  char word = 0;
  union {
    char bytes[CMSG_SPACE(sizeof(int))];
    struct cmsghdr aligned;
  } control = {0};
  struct iovec text = {&word, 1};
  struct msghdr message = {.msg_iov = &text, .msg_iovlen = 1};
  if (called_again) {
    message.msg_control = control.bytes;
    message.msg_controllen = sizeof control.bytes;
    struct cmsghdr *header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(sizeof(int));
    memcpy(CMSG_DATA(header), &port, sizeof(int));
  }
  return sendmsg(gate, &message, MSG_NOSIGNAL) == 1;
}

static void say_all(const uint8_t *bytes, size_t length) {
  for (size_t said = 0; said < length;) {
    ssize_t n = write(port, bytes + said, length - said);
    if (n > 0) {
      said += (size_t)n;
    } else if (errno != EINTR && errno != EAGAIN) {
      return; /* nobody listens: the host will see that the machine ends */
    }
  }
}

void host_say(const void *bytes, size_t length) {
  uint8_t message[4 + 1024];
  if (length > sizeof message - 4) {
    length = sizeof message - 4;
  }
  put_u32(message, (uint32_t)length);
  memcpy(message + 4, bytes, length);
  say_all(message, 4 + length);
}

void give_up(const char *format, ...) {
  int error = errno;
  char text[600] = "!";
  va_list args;
  va_start(args, format);
  int at = 1 + vsnprintf(text + 1, 400, format, args);
  va_end(args);
  at = at > 400 ? 400 : at;
  if (error != 0) {
    snprintf(text + at, sizeof text - (size_t)at, ": %s", strerror(error));
  }
  dprintf(STDERR_FILENO, "machine: %s\n", text + 1);
  if (port >= 0) {
    host_say(text, strlen(text));
    pause_ms(200); /* the port hands it over behind our back */
  }
  reboot(RB_AUTOBOOT);
  _exit(70);
}

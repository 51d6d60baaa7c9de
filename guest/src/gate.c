#include "gate.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "fail.h"

/* Waits for the byte; returns what came with it, -1 for nothing. */
static int receive(int fd) {
  char word;
  union {
    char bytes[CMSG_SPACE(sizeof(int))];
    struct cmsghdr aligned;
  } control;
  struct iovec text = {&word, 1};
  struct msghdr message = {
      .msg_iov = &text, .msg_iovlen = 1, .msg_control = control.bytes, .msg_controllen = sizeof control.bytes};
  ssize_t n;
  do {
    n = recvmsg(fd, &message, MSG_CMSG_CLOEXEC);
  } while (n < 0 && errno == EINTR);
  if (n != 1) {
    fail("the gate");
  }
  int came = -1;
  struct cmsghdr *header = CMSG_FIRSTHDR(&message);
  if (header && header->cmsg_level == SOL_SOCKET && header->cmsg_type == SCM_RIGHTS &&
      header->cmsg_len == CMSG_LEN(sizeof(int))) {
    memcpy(&came, CMSG_DATA(header), sizeof came);
  }
  return came;
}

void gate_wait(int fd, int channel) {
  char word = 0;
  if (write(fd, &word, 1) != 1) {
    fail("the gate");
  }
  int came = receive(fd);
  close(fd);
  if (came >= 0) {
    if (fcntl(came, F_SETFL, fcntl(came, F_GETFL) | O_NONBLOCK) != 0 || dup3(came, channel, O_CLOEXEC) < 0) {
      fail("the channel");
    }
    close(came);
  }
}

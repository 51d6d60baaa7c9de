/* The gate opens for the byte of whoever holds its other end, and for nothing else. */
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../src/gate.h"
#include "check.h"

/* Says over its channel, once it is through the gate, that it is. */
static pid_t start_one_that_waits(int gate[2], int channel[2]) {
  CHECK(socketpair(AF_UNIX, SOCK_STREAM, 0, gate) == 0 && socketpair(AF_UNIX, SOCK_STREAM, 0, channel) == 0);
  pid_t waiting = fork();
  if (waiting == 0) {
    close(gate[1]);
    close(STDERR_FILENO);
    gate_wait(gate[0], channel[0]);
    _exit(write(channel[0], "!", 1) == 1 ? 0 : 1);
  }
  close(gate[0]);
  close(channel[0]);
  char said;
  CHECK(read(gate[1], &said, 1) == 1);
  return waiting;
}

static int status_of(pid_t child) {
  int status;
  CHECK(waitpid(child, &status, 0) == child && WIFEXITED(status));
  return WEXITSTATUS(status);
}

static int status_of_one_that_waits(const char *word, size_t length) {
  int gate[2], channel[2];
  pid_t waiting = start_one_that_waits(gate, channel);
  CHECK(write(gate[1], word, length) == (ssize_t)length);
  close(gate[1]);
  int status = status_of(waiting);
  char said;
  CHECK(read(channel[1], &said, 1) == (status == 0 ? 1 : 0));
  close(channel[1]);
  return status;
}

static void pass(int gate, int descriptor) {
  char control[CMSG_SPACE(sizeof(int))] = {0};
  struct iovec text = {"x", 1};
  struct msghdr message = {
      .msg_iov = &text, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof control};
  struct cmsghdr *header = CMSG_FIRSTHDR(&message);
  header->cmsg_level = SOL_SOCKET;
  header->cmsg_type = SCM_RIGHTS;
  header->cmsg_len = CMSG_LEN(sizeof(int));
  memcpy(CMSG_DATA(header), &descriptor, sizeof descriptor);
  CHECK(sendmsg(gate, &message, 0) == 1);
}

static void check_that_what_comes_takes_the_channels_place(void) {
  int gate[2], channel[2], other[2];
  CHECK(socketpair(AF_UNIX, SOCK_STREAM, 0, other) == 0);
  pid_t waiting = start_one_that_waits(gate, channel);
  pass(gate[1], other[0]);
  close(other[0]);
  CHECK(status_of(waiting) == 0);
  char said;
  CHECK(read(other[1], &said, 1) == 1 && said == '!');
  CHECK(read(channel[1], &said, 1) == 0);
  close(channel[1]);
  close(other[1]);
  close(gate[1]);
}

int main(void) {
  CHECK(status_of_one_that_waits("x", 1) == 0);
  CHECK(status_of_one_that_waits("", 0) == 70);
  check_that_what_comes_takes_the_channels_place();
  puts("gate ok");
  return 0;
}

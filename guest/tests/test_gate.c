/* The gate opens for the byte of whoever holds its other end, and for nothing else. */
#include <stdio.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../src/gate.h"
#include "check.h"

static int status_of_one_that_waits(const char *word, size_t length) {
  int gate[2];
  CHECK(socketpair(AF_UNIX, SOCK_STREAM, 0, gate) == 0);
  pid_t waiting = fork();
  if (waiting == 0) {
    close(gate[1]);
    close(STDERR_FILENO);
    gate_wait(gate[0]);
    _exit(0);
  }
  close(gate[0]);
  char said;
  CHECK(read(gate[1], &said, 1) == 1);
  CHECK(write(gate[1], word, length) == (ssize_t)length);
  close(gate[1]);
  int status;
  CHECK(waitpid(waiting, &status, 0) == waiting && WIFEXITED(status));
  return WEXITSTATUS(status);
}

int main(void) {
  CHECK(status_of_one_that_waits("x", 1) == 0);
  CHECK(status_of_one_that_waits("", 0) == 70);
  puts("gate ok");
  return 0;
}

#include "gate.h"

#include <errno.h>
#include <unistd.h>

#include "fail.h"

void gate_wait(int fd) {
  char word = 0;
  if (write(fd, &word, 1) != 1) {
    fail("the gate");
  }
  ssize_t n;
  do {
    n = read(fd, &word, 1);
  } while (n < 0 && errno == EINTR);
  if (n != 1) {
    fail("the gate");
  }
  close(fd);
}

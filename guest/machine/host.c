#include "host.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/reboot.h>
#include <time.h>
#include <unistd.h>

#include "../src/wire.h"

static int port = -1;

static void pause_ms(long ms) {
  struct timespec time = {.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000};
  nanosleep(&time, NULL);
}

int host_open(void) {
  for (int i = 0; i < 500 && port < 0; i++) {
    port = open("/dev/vport0p1", O_RDWR | O_CLOEXEC);
    if (port < 0) {
      pause_ms(10);
    }
  }
  return port;
}

/* While nobody is connected on the host's side a read yields nothing at once: look again in a millisecond. */
static void hear_exactly(uint8_t *bytes, size_t length) {
  size_t have = 0;
  while (have < length) {
    struct pollfd wait_for = {.fd = port, .events = POLLIN};
    poll(&wait_for, 1, -1);
    ssize_t n = read(port, bytes + have, length - have);
    if (n > 0) {
      have += (size_t)n;
    } else if (n < 0 && errno != EAGAIN && errno != EINTR) {
      give_up("the port to the host");
    } else {
      pause_ms(1);
    }
  }
}

size_t host_hear(uint8_t *bytes, size_t size) {
  uint8_t header[4];
  hear_exactly(header, sizeof header);
  struct cursor c = {header, sizeof header, false};
  size_t length = cursor_u32(&c);
  if (length > size) {
    errno = 0;
    give_up("a message of %zu bytes", length);
  }
  hear_exactly(bytes, length);
  return length;
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

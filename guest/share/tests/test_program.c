/* The program: its options, its stream in pieces and in heaps, and another that goes on in its place. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../../tests/check.h"
#include "../message.h"

#define MOST_OPTIONS 12

static const char *program;

/* Starts it with these options, the first NULL ending them; it has `descriptor` as 3. */
static pid_t start(int descriptor, const char *const options[MOST_OPTIONS]) {
  char *argv[MOST_OPTIONS + 2] = {(char *)program};
  for (size_t i = 0; i < MOST_OPTIONS && options[i]; i++) {
    argv[i + 1] = (char *)options[i];
  }
  pid_t child = fork();
  if (child == 0) {
    if (descriptor >= 0) {
      dup2(descriptor, 3);
    }
    close(STDERR_FILENO);
    execv(program, argv);
    _exit(1);
  }
  return child;
}

static pid_t start_on_stream(int *stream) {
  static const char *const OPTIONS[MOST_OPTIONS] = {"--fd", "3", "--tree", "tree=tree"};
  int pair[2];
  CHECK(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) == 0);
  pid_t child = start(pair[1], OPTIONS);
  close(pair[1]);
  *stream = pair[0];
  return child;
}

static int status_of(pid_t child) {
  int status;
  CHECK(waitpid(child, &status, 0) == child && WIFEXITED(status));
  return WEXITSTATUS(status);
}

static const uint8_t VERSION[] = {21, 0, 0, 0, M_VERSION, 255, 255, 0, 0, 1, 0, 8, 0, '9', 'P', '2', '0', '0', '0', '.', 'L'};
static const uint8_t ATTACH[] = {27, 0, 0, 0, M_ATTACH, 1, 0, 1, 0, 0, 0, 255, 255, 255, 255, 0, 0, 4, 0, 't', 'r', 'e', 'e',
                                 0, 0, 0, 0};
static const uint8_t LOOK[] = {19, 0, 0, 0, M_GETATTR, 1, 0, 1, 0, 0, 0, 255, 7, 0, 0, 0, 0, 0, 0};

static void say_all(int stream, const uint8_t *bytes, size_t length) {
  CHECK(write(stream, bytes, length) == (ssize_t)length);
}

/* Hears one reply, which must be of this type. */
static void hear(int stream, uint8_t type) {
  uint8_t reply[512];
  CHECK(recv(stream, reply, HEADER, MSG_WAITALL) == HEADER && reply[4] == type && reply[1] == 0);
  ssize_t rest = reply[0] - HEADER;
  CHECK(recv(stream, reply, (size_t)rest, MSG_WAITALL) == rest);
}

static void messages_come_in_pieces_and_in_heaps(void) {
  int stream;
  pid_t server = start_on_stream(&stream);
  for (size_t i = 0; i < sizeof VERSION; i++) {
    say_all(stream, VERSION + i, 1);
  }
  hear(stream, M_VERSION + 1);
  uint8_t heap[sizeof VERSION * 3 + 4];
  for (size_t i = 0; i < 3; i++) {
    memcpy(heap + i * sizeof VERSION, VERSION, sizeof VERSION);
  }
  memcpy(heap + 3 * sizeof VERSION, VERSION, 4);
  say_all(stream, heap, sizeof heap);
  for (int i = 0; i < 3; i++) {
    hear(stream, M_VERSION + 1);
  }
  say_all(stream, VERSION + 4, sizeof VERSION - 4);
  hear(stream, M_VERSION + 1);
  close(stream);
  CHECK(status_of(server) == 0);
}

static void lengths_that_cannot_be_end_it(void) {
  static const uint8_t LENGTHS[][4] = {{6, 0, 0, 0}, {0}, {255, 255, 255, 255}, {1, 32, 0, 0}, {0, 0, 8, 0}};
  for (size_t i = 0; i < sizeof LENGTHS / 4; i++) {
    int stream;
    pid_t server = start_on_stream(&stream);
    say_all(stream, LENGTHS[i], 4);
    CHECK(status_of(server) == 70);
    close(stream);
  }
}

static void options_that_make_no_sense_are_refused(void) {
  static const char *const WRONG[][MOST_OPTIONS] = {
      {NULL},
      {"--fd"},
      {"--fd", "x", "--tree", "tree=tree"},
      {"--fd", "3", "--listen", "socket", "--tree", "tree=tree"},
      {"--fd", "0", "--tree", "tree"},
      {"--fd", "0", "--tree", "tree=none"},
      {"--fd", "0", "--write", "tree=tree"},
      {"--fd", "0", "--session", "none", "--tree", "tree=tree"},
      {"--fd", "0", "--session", "/dev/null", "--tree", "tree=tree"},
      {"--listen", "none/socket", "--tree", "tree=tree"},
  };
  for (size_t i = 0; i < sizeof WRONG / sizeof *WRONG; i++) {
    CHECK(status_of(start(-1, WRONG[i])) == 70);
  }
}

static struct sockaddr_un address_of(const char *path) {
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  strcpy(address.sun_path, path);
  return address;
}

static int listen_at(const char *path) {
  struct sockaddr_un address = address_of(path);
  int listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  CHECK(listener >= 0 && bind(listener, (struct sockaddr *)&address, sizeof address) == 0 && listen(listener, 1) == 0);
  return listener;
}

static int connect_to(const char *path) {
  struct sockaddr_un address = address_of(path);
  int stream = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  for (int i = 0; i < 1000 && connect(stream, (struct sockaddr *)&address, sizeof address) != 0; i++) {
    usleep(10000);
  }
  return stream;
}

/* Has the session saved to the file `session`. */
static void save(int control) {
  char line[32] = "";
  CHECK(write(control, "save\n", 5) == 5);
  for (size_t i = 0; i == 0 || line[i - 1] != '\n'; i++) {
    CHECK(i < sizeof line - 1 && recv(control, line + i, 1, 0) == 1);
  }
  size_t length = strtoul(line + strlen("saved "), NULL, 10);
  char saved[4096];
  CHECK(length > 0 && length < sizeof saved && recv(control, saved, length, MSG_WAITALL) == (ssize_t)length);
  FILE *file = fopen("session", "w");
  CHECK(file && fwrite(saved, 1, length, file) == length && fclose(file) == 0);
}

static void another_goes_on_in_its_place(void) {
  static const char *const FIRST[MOST_OPTIONS] = {"--listen", "stream", "--control", "control", "--tree", "tree=tree"};
  static const char *const SECOND[MOST_OPTIONS] = {"--listen", "stream", "--control",    "control",
                                                   "--session", "session", "--read-only", "tree=tree"};
  int controls = listen_at("control");
  pid_t server = start(-1, FIRST);
  int control = accept(controls, NULL, NULL);
  int stream = connect_to("stream");
  say_all(stream, VERSION, sizeof VERSION);
  hear(stream, M_VERSION + 1);
  say_all(stream, ATTACH, sizeof ATTACH);
  hear(stream, M_ATTACH + 1);
  CHECK(access("stream", F_OK) != 0);
  save(control);
  say_all(stream, LOOK, sizeof LOOK);
  hear(stream, M_GETATTR + 1);
  close(control); /* nobody to ask it any more: it goes on */
  say_all(stream, LOOK, sizeof LOOK);
  hear(stream, M_GETATTR + 1);
  close(stream);
  CHECK(status_of(server) == 0);
  server = start(-1, SECOND);
  control = accept(controls, NULL, NULL);
  stream = connect_to("stream");
  say_all(stream, LOOK, sizeof LOOK);
  hear(stream, M_GETATTR + 1);
  CHECK(write(control, "stop\n", 5) == 5 && status_of(server) == 70);
  close(stream);
}

int main(int argc, char **argv) {
  char directory[] = "/tmp/share-XXXXXX";
  CHECK(argc == 2);
  program = realpath(argv[1], NULL);
  CHECK(program && mkdtemp(directory) && chdir(directory) == 0 && mkdir("tree", 0755) == 0);
  messages_come_in_pieces_and_in_heaps();
  lengths_that_cannot_be_end_it();
  options_that_make_no_sense_are_refused();
  another_goes_on_in_its_place();
  CHECK(unlink("session") == 0 && unlink("control") == 0 && rmdir("tree") == 0 && rmdir(directory) == 0);
  return 0;
}

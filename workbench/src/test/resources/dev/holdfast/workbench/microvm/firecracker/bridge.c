/*
 * Stands in for Firecracker's vsock device, in a machine that has serial ports instead: the host's vsock ports 52, 53 and 54
 * are its ports 1, 2 and 3. Port 4 tells it when a snapshot is about to be taken (f, which it repeats), and when the
 * machine goes on from one (r): then every connection is gone, as with Firecracker.
 *
 * It is started in place of the machine's first program, loads the drivers and becomes that program; what carries bytes
 * stays behind as its child.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <linux/vm_sockets.h>

#define FIRST 52
#define LANES 3

/* What was read at one end and is still to be written at the other. */
struct flow {
  size_t first, last;
  char bytes[64 << 10];
};

static struct lane {
  int listener, connection, port;
  struct flow in, out; /* to the connection, to the port */
} lanes[LANES];

static void require(bool condition, const char *what) {
  if (!condition) {
    fprintf(stderr, "bridge: %s: %s\n", what, strerror(errno));
    reboot(RB_AUTOBOOT);
  }
}

/* Each module is loaded once, so none is left to the first program. A driver for a real device would hide the loopback. */
static void load(const char *directory) {
  struct dirent **entries;
  int count = scandir(directory, &entries, NULL, alphasort);
  for (int i = 0; i < count; i++) {
    char path[300];
    snprintf(path, sizeof path, "%s/%s", directory, entries[i]->d_name);
    int fd = entries[i]->d_name[0] == '.' ? -1 : open(path, O_RDONLY);
    if (fd >= 0 && !strstr(path, "vmw_vsock_virtio_transport.ko")) {
      require(syscall(SYS_finit_module, fd, "", strstr(path, ".ko.") ? 4 : 0) == 0, path);
    }
    close(fd);
    unlink(path);
  }
}

/* Its name goes, so that the machine finds no port. */
static int take_port(int number) {
  char path[32];
  snprintf(path, sizeof path, "/dev/vport0p%d", number);
  int fd = -1;
  for (int i = 0; i < 1000 && (fd = open(path, O_RDWR | O_NONBLOCK)) < 0; i++) {
    nanosleep(&(struct timespec){.tv_nsec = 5000000}, NULL);
  }
  require(fd >= 0 && unlink(path) == 0, path);
  return fd;
}

static int listen_at(unsigned number) {
  struct sockaddr_vm any = {.svm_family = AF_VSOCK, .svm_cid = VMADDR_CID_ANY, .svm_port = number};
  int fd = socket(AF_VSOCK, SOCK_STREAM, 0);
  require(fd >= 0 && bind(fd, (struct sockaddr *)&any, sizeof any) == 0 && listen(fd, 4) == 0, "listen");
  return fd;
}

static void hang_up(struct lane *lane) {
  close(lane->connection);
  lane->connection = -1;
  lane->in.first = lane->in.last = 0;
}

/* False at the end of what is read from. */
static bool take(struct flow *flow, int from) {
  ssize_t count = read(from, flow->bytes, sizeof flow->bytes);
  flow->first = 0;
  flow->last = count > 0 ? (size_t)count : 0;
  return count > 0 || (count < 0 && errno == EAGAIN);
}

static bool give(struct flow *flow, int to) {
  ssize_t count = write(to, flow->bytes + flow->first, flow->last - flow->first);
  flow->first += count > 0 ? (size_t)count : 0;
  return count > 0 || errno == EAGAIN;
}

static bool holds(const struct flow *flow) {
  return flow->first < flow->last;
}

/* A flow is filled when it is empty, and emptied otherwise. */
static short wanted(const struct flow *filled, const struct flow *emptied) {
  return (short)((holds(filled) ? 0 : POLLIN) | (holds(emptied) ? POLLOUT : 0));
}

static void serve(struct lane *lane, const struct pollfd *ready) {
  short at_connection = ready[1].revents, at_port = ready[2].revents;
  if (ready[0].revents) {
    hang_up(lane);
    lane->connection = accept4(lane->listener, NULL, NULL, SOCK_NONBLOCK);
    return;
  }
  if ((at_port & POLLOUT) && holds(&lane->out)) {
    give(&lane->out, lane->port);
  } else if ((at_port & POLLIN) && !holds(&lane->in)) {
    take(&lane->in, lane->port);
  }
  bool lives = true;
  if ((at_connection & POLLOUT) && holds(&lane->in)) {
    lives = give(&lane->in, lane->connection);
  } else if (at_connection && !holds(&lane->out)) {
    lives = take(&lane->out, lane->connection);
  }
  if (!lives) {
    hang_up(lane);
  }
}

__attribute__((noreturn)) static void run(int control) {
  for (bool frozen = false;;) {
    struct pollfd all[1 + 3 * LANES] = {{.fd = control, .events = POLLIN}};
    for (int i = 0; i < LANES; i++) {
      struct lane *lane = &lanes[i];
      struct pollfd *of = all + 1 + 3 * i;
      bool joined = !frozen && lane->connection >= 0;
      of[0] = (struct pollfd){.fd = frozen ? -1 : lane->listener, .events = POLLIN};
      of[1] = (struct pollfd){.fd = joined ? lane->connection : -1, .events = wanted(&lane->out, &lane->in)};
      of[2] = (struct pollfd){.fd = joined ? lane->port : -1, .events = wanted(&lane->in, &lane->out)};
    }
    poll(all, 1 + 3 * LANES, -1);
    char word = 0;
    if ((all[0].revents & POLLIN) && read(control, &word, 1) == 1) {
      frozen = word == 'f';
      if (frozen) {
        require(write(control, &word, 1) == 1, "control");
      }
      for (int i = 0; i < LANES && !frozen; i++) {
        hang_up(&lanes[i]);
      }
      continue;
    }
    for (int i = 0; i < LANES && !frozen; i++) {
      serve(&lanes[i], all + 1 + 3 * i);
    }
  }
}

int main(void) {
  mkdir("/dev", 0755);
  require(mount("devtmpfs", "/dev", "devtmpfs", 0, NULL) == 0, "/dev");
  load("/modules");
  load("/bridge-modules");
  for (int i = 0; i < LANES; i++) {
    lanes[i].listener = listen_at(FIRST + (unsigned)i);
    lanes[i].connection = -1;
    lanes[i].port = take_port(1 + i);
  }
  int control = take_port(1 + LANES);
  if (fork() == 0) {
    run(control);
  }
  require(umount2("/dev", MNT_DETACH) == 0, "/dev"); /* the first program mounts it itself */
  for (int fd = 3; fd < 64; fd++) {
    close(fd);
  }
  execl("/init", "/init", NULL);
  require(false, "/init");
}

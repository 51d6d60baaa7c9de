/*
 * The first program of a microVM. It loads the drivers and starts a child that prepares the workbench in namespaces of
 * its own, as far as that is the same for all of a kind, gives up its rights and becomes the guest, which waits. Here the
 * host takes a snapshot, from which every machine continues: a child of the guest's, left as root for this alone, renews
 * what no two machines may share, mounts what comes from the host, opens the gate to the guest and ends. From then on
 * the guest speaks its own protocol over the same port. The machine ends with it. The first program itself stays as the
 * machine's keeper.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/reboot.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "clock.h"
#include "host.h"
#include "keeper.h"
#include "lanes.h"
#include "renew.h"
#include "root.h"
#include "settings.h"

#define AGENT_GROUP "/sys/fs/cgroup/agent/"
#define GUEST "/guest"

static void use_console(void) {
  int fd = open("/dev/console", O_RDWR);
  for (int i = 0; fd >= 0 && i < 3; i++) {
    dup2(fd, i);
  }
  if (fd > 2) {
    close(fd);
  }
}

/* In the order of their names, which is that of their dependencies. Afterwards no module can be loaded any more. */
static void load_modules(void) {
  struct dirent **entries;
  int count = scandir("/modules", &entries, NULL, alphasort);
  for (int i = 0; i < count; i++) {
    char path[300];
    snprintf(path, sizeof path, "/modules/%s", entries[i]->d_name);
    int fd = entries[i]->d_name[0] == '.' ? -1 : open(path, O_RDONLY | O_CLOEXEC);
    int flags = strstr(path, ".ko.") ? 4 /* MODULE_INIT_COMPRESSED_FILE */ : 0;
    if (fd >= 0 && syscall(SYS_finit_module, fd, "", flags) != 0) {
      give_up("module `%s`", path);
    }
    close(fd);
    unlink(path);
  }
  root_write("/proc/sys/kernel/modules_disabled", "1");
}

static void raise_loopback(void) {
  struct ifreq loopback = {.ifr_name = "lo", .ifr_flags = IFF_UP | IFF_RUNNING};
  int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (fd < 0 || ioctl(fd, SIOCSIFFLAGS, &loopback) != 0) {
    give_up("loopback device");
  }
  close(fd);
}

static void write_number(const char *path, uint64_t value) {
  char text[32];
  snprintf(text, sizeof text, "%llu", (unsigned long long)value);
  root_write(path, text);
}

static void limit(int resource, uint64_t value) {
  struct rlimit both = {value, value};
  if (setrlimit(resource, &both) != 0) {
    give_up("limit %d", resource);
  }
}

static void limit_all(const struct shape *shape) {
  write_number(AGENT_GROUP "memory.max", shape->memory_bytes);
  write_number(AGENT_GROUP "pids.max", shape->pids);
  root_write(AGENT_GROUP "cgroup.procs", "0");
  if (unshare(CLONE_NEWCGROUP) != 0) { /* whose path is nobody's business inside */
    give_up("a view of control groups");
  }
  limit(RLIMIT_CORE, 0);
  limit(RLIMIT_FSIZE, shape->file_bytes);
  limit(RLIMIT_NOFILE, shape->open_files);
  limit(RLIMIT_MEMLOCK, 64 << 10);
  limit(RLIMIT_MSGQUEUE, 0);
}

/* Dropping the bounding set first takes the right to do it, which goes with the user id. */
static void become_agent(const struct shape *shape) {
  for (int capability = 0; prctl(PR_CAPBSET_DROP, capability, 0, 0, 0) == 0; capability++) {
  }
  if (syscall(SYS_setgroups, 0, NULL) != 0 || setresgid(shape->gid, shape->gid, shape->gid) != 0 ||
      setresuid(shape->uid, shape->uid, shape->uid) != 0 || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) {
    give_up("the agent's user id");
  }
}

static void hear_shape(struct shape *shape) {
  static uint8_t message[256];
  host_say("?", 1);
  if (!shape_parse(message, host_hear(message, sizeof message), shape)) {
    errno = 0;
    give_up("a shape that cannot be read");
  }
}

static void await_guest(int gate) {
  char word;
  if (read(gate, &word, 1) != 1) {
    give_up("start the guest");
  }
}

/*
 * Makes the machine one workbench and no other, as root, while the guest waits behind the gate. The snapshot is taken
 * while this waits for the identity.
 */
__attribute__((noreturn)) static void prepare_workbench(const struct shape *shape, int gate) {
  static uint8_t message[MAX_MESSAGE];
  struct identity identity;
  await_guest(gate);
  host_say("ready", 5);
  if (!identity_parse(message, host_hear(message, sizeof message), &identity)) {
    errno = 0;
    give_up("an identity that cannot be read");
  }
  renew(&identity, BOOT_ID_SHOWN);
  root_finish(shape, &identity);
  host_say("", 0);
  /* From here on the channel is the guest's. Without its byte it ends, and the machine with it. */
  _exit(host_pass_on(gate) ? 0 : 70);
}

__attribute__((noreturn)) static void execute_guest(int guest, int port, int events, int gate) {
  char port_text[16], events_text[16], gate_text[16];
  snprintf(port_text, sizeof port_text, "%d", port);
  snprintf(events_text, sizeof events_text, "%d", events);
  snprintf(gate_text, sizeof gate_text, "%d", gate);
  char *argv[] = {"guest", "--fd", port_text, "--memory-events", events_text, "--fence", "yes", "--gate", gate_text, NULL};
  char *env[] = {NULL};
  fcntl(port, F_SETFD, 0);
  fcntl(gate, F_SETFD, 0);
  syscall(SYS_execveat, guest, "", argv, env, AT_EMPTY_PATH);
  _exit(70);
}

/* PID 1 of what the agent will see: prepares it as far as it is the same for all, and becomes the guest. */
__attribute__((noreturn)) static void become_guest(int port) {
  int guest = open(GUEST, O_PATH | O_CLOEXEC);
  int events = open(AGENT_GROUP "memory.events", O_RDONLY);
  int gate[2];
  if (guest < 0 || events < 0 || socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, gate) != 0) {
    give_up("the guest");
  }
  struct shape shape;
  hear_shape(&shape);
  limit_all(&shape);
  root_enter(&shape);
  pid_t preparer = fork();
  if (preparer < 0) {
    give_up("start the workbench");
  }
  close(gate[preparer > 0]);
  if (preparer == 0) {
    prepare_workbench(&shape, gate[1]);
  }
  become_agent(&shape);
  execute_guest(guest, port, events, gate[0]);
}

/* What the machine shall be like for all of them. */
static void set_up_kernel(void) {
  /* The agent has no use for namespaces of its own, and the kernel's bugs are often there. */
  root_write("/proc/sys/user/max_user_namespaces", "0");
  /* As on the host: memory is counted when it is used, and too much of it is an end with a name. */
  root_write("/proc/sys/vm/overcommit_memory", "1");
}

int main(int argc, char **argv) {
  if (argc == 2 && strcmp(argv[1], "--clock") == 0) {
    return clock_print();
  }
  umask(0);
  root_begin();
  use_console();
  load_modules();
  int port = host_open();
  if (port < 0) {
    give_up("no port to the host");
  }
  int keeper = lanes_open() ? host_port("/dev/vport0p4", 0) : -1;
  raise_loopback();
  set_up_kernel();
  int flags = CLONE_NEWPID | CLONE_NEWNS | CLONE_NEWIPC | SIGCHLD;
  pid_t child = (pid_t)syscall(SYS_clone, flags, NULL, NULL, NULL, NULL);
  if (child < 0) {
    give_up("start the workbench");
  }
  if (child == 0) {
    become_guest(port);
  }
  close(port);
  keeper_run(child, keeper);
  reboot(RB_AUTOBOOT);
  return 0;
}

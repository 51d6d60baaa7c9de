/* Attempts to change or read the kernel that all workbenches of a layer may share. */
#define _GNU_SOURCE
#include "attack.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <linux/io_uring.h>
#include <linux/keyctl.h>
#include <linux/perf_event.h>
#include <linux/quota.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/swap.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/timex.h>
#include <time.h>
#include <unistd.h>

/* A file of the own program: long enough to be looked at, and no module. */
static int some_file(void) { return open("/proc/self/exe", O_RDONLY | O_CLOEXEC); }

void attack_modules(void) {
  static const char image[64] = "\177ELF";
  TRY("init_module", syscall(SYS_init_module, image, sizeof image, ""));
  TRY("finit_module", syscall(SYS_finit_module, some_file(), "", 0));
  TRY("delete_module", syscall(SYS_delete_module, "loop", O_NONBLOCK));
}

void attack_kexec(void) {
  TRY("kexec_load", syscall(SYS_kexec_load, 0, 0, NULL, 0));
  TRY("kexec_file_load", syscall(SYS_kexec_file_load, some_file(), -1, 0, NULL, 4 /* NO_INITRAMFS */));
  TRY("reboot", syscall(SYS_reboot, 0xfee1dead, 672274793, RB_DISABLE_CAD, NULL));
}

void attack_tracing(void) {
  union bpf_attr map = {.map_type = BPF_MAP_TYPE_ARRAY, .key_size = 4, .value_size = 4, .max_entries = 1};
  TRY("bpf", syscall(SYS_bpf, BPF_MAP_CREATE, &map, sizeof map));
  struct perf_event_attr counter = {
      .type = PERF_TYPE_SOFTWARE, .size = sizeof counter, .config = PERF_COUNT_SW_CPU_CLOCK, .exclude_kernel = 1};
  TRY("perf_event_open", syscall(SYS_perf_event_open, &counter, 0, -1, -1, 0));
  TRY("userfaultfd", syscall(SYS_userfaultfd, 1 /* USER_MODE_ONLY */));
  struct io_uring_params ring = {0};
  TRY("io_uring_setup", syscall(SYS_io_uring_setup, 4, &ring));
  TRY("fanotify_init", syscall(SYS_fanotify_init, 0, 0));
  TRY("modify_ldt", syscall(SYS_modify_ldt, 0, NULL, 0));
  TRY("lookup_dcookie", syscall(SYS_lookup_dcookie, 0, NULL, 0));
}

void attack_keyrings(void) {
  char payload[64];
  static const int RINGS[] = {KEY_SPEC_USER_KEYRING, KEY_SPEC_SESSION_KEYRING, KEY_SPEC_PROCESS_KEYRING};
  for (size_t i = 0; i < sizeof RINGS / sizeof *RINGS; i++) {
    long key = syscall(SYS_add_key, "user", "attack", "x", 1, RINGS[i]);
    must_fail("add_key", key);
    if (key >= 0) {
      syscall(SYS_keyctl, KEYCTL_REVOKE, key);
    }
  }
  TRY("request_key", syscall(SYS_request_key, "user", argument("key-name"), NULL, 0));
  TRY("read the host's key", syscall(SYS_keyctl, KEYCTL_READ, atol(argument("key")), payload, sizeof payload));
  TRY("search its keyring", syscall(SYS_keyctl, KEYCTL_SEARCH, KEY_SPEC_USER_KEYRING, "user", argument("key-name"), 0));
  TRY("join a session", syscall(SYS_keyctl, KEYCTL_JOIN_SESSION_KEYRING, argument("key-session")));
  char keys[256];
  slurp("/proc/keys", keys, sizeof keys);
  if (keys[0]) {
    broken("/proc/keys", "%.60s", keys);
  } else {
    held("/proc/keys", "empty");
  }
}

void attack_host_settings(void) {
  struct timespec epoch = {.tv_sec = 1};
  struct timeval start = {.tv_sec = 1};
  struct timex step = {.modes = ADJ_SETOFFSET, .time = {.tv_sec = 3600}};
  TRY("clock_settime", syscall(SYS_clock_settime, CLOCK_REALTIME, &epoch));
  TRY("settimeofday", syscall(SYS_settimeofday, &start, NULL));
  TRY("adjtimex", syscall(SYS_adjtimex, &step));
  TRY("clock_adjtime", syscall(SYS_clock_adjtime, CLOCK_REALTIME, &step));
  TRY("swapon", syscall(SYS_swapon, SCRATCH, 0));
  TRY("swapoff", syscall(SYS_swapoff, "/dev/vda"));
  TRY("quotactl", syscall(SYS_quotactl, Q_SYNC << 8, NULL, 0, NULL));
  TRY("quotactl_fd", syscall(443 /* quotactl_fd */, open("/", O_PATH), Q_SYNC << 8, 0, NULL));
  TRY("sethostname", syscall(SYS_sethostname, "owned", 5));
  TRY("setdomainname", syscall(SYS_setdomainname, "owned", 5));
  TRY("acct", syscall(SYS_acct, SCRATCH));
#ifdef SYS_iopl
  TRY("iopl", syscall(SYS_iopl, 3));
  TRY("ioperm", syscall(SYS_ioperm, 0x3f8, 1, 1));
#endif
}

void attack_logs(void) {
  char text[256];
  TRY("syslog", syscall(SYS_syslog, 3 /* READ_ALL */, text, sizeof text));
  TRY("clear the log", syscall(SYS_syslog, 5 /* CLEAR */, NULL, 0));
  must_not_open("/dev/kmsg", O_RDONLY);
  must_not_open("/var/log", O_RDONLY | O_DIRECTORY);
  slurp("/proc/kmsg", text, sizeof text);
  if (text[0]) {
    broken("/proc/kmsg", "%.60s", text);
  } else {
    held("/proc/kmsg", "empty");
  }
}

void attack_proc_writes(void) {
  static const char *const FILES[] = {
      "/proc/sys/kernel/core_pattern", "/proc/sys/kernel/modprobe",   "/proc/sys/kernel/hostname",
      "/proc/sys/vm/drop_caches",      "/proc/sys/fs/file-max",       "/proc/sys/net/ipv4/ip_forward",
      "/proc/sys/vm/overcommit_memory", "/proc/sys/kernel/ns_last_pid", "/proc/sys/user/max_user_namespaces",
      "/proc/sysrq-trigger",           "/proc/1/oom_score_adj",       "/proc/1/uid_map",
      "/proc/1/timens_offsets",        "/proc/1/setgroups",           "/proc/irq/default_smp_affinity",
  };
  for (size_t i = 0; i < sizeof FILES / sizeof *FILES; i++) {
    must_not_open(FILES[i], O_WRONLY);
  }
  /* These open for their owner; what is written must be refused. */
  static const char *const MAPS[] = {"/proc/self/uid_map", "/proc/self/gid_map"};
  for (size_t i = 0; i < sizeof MAPS / sizeof *MAPS; i++) {
    int fd = open(MAPS[i], O_WRONLY | O_CLOEXEC);
    TRY(MAPS[i], fd < 0 ? fd : write(fd, "0 0 1\n", 6));
  }
}

#ifdef __x86_64__
/* A filter for 64-bit calls may not know that the same kernel takes 32-bit ones: add_key is 286 there. */
static void call_as_32_bit(const char *what) {
  long result;
  __asm__ volatile("int $0x80" : "=a"(result) : "a"(20 /* getpid */) : "memory");
  errno = (int)-result;
  must_fail(what, result);
}

static void call_as_x32(const char *what) { TRY(what, syscall(0x40000000 | SYS_getpid)); }

/* The kernel looks at the lower half of the number alone; so must the filter. */
static void call_with_upper_half(const char *what) {
  long result = (long)((1UL << 32) | SYS_unshare);
  __asm__ volatile("syscall" : "+a"(result) : "D"(0x10000000L /* CLONE_NEWUSER */) : "rcx", "r11", "memory");
  errno = (int)-result;
  must_fail(what, result);
}

void attack_other_abi(void) {
  in_child("32-bit call", call_as_32_bit);
  in_child("x32 call", call_as_x32);
  in_child("number with an upper half", call_with_upper_half);
}
#else
void attack_other_abi(void) { held("other instruction sets", "absent"); }
#endif

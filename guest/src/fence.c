#include "fence.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include "fail.h"

#define COUNT(list) (sizeof(list) / sizeof *(list))
#define REFUSE(error) (SECCOMP_RET_ERRNO | (error))
#define MAX_INSTRUCTIONS 512
#define MAX_VALUES 4
#define ALL_BITS 0xffffffffu
#define NEW_NAMESPACES 0x7e020000u /* every CLONE_NEW* flag that clone takes */

#if defined(__x86_64__)
#define ARCHITECTURE AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define ARCHITECTURE AUDIT_ARCH_AARCH64
#endif

/* Refused with EPERM, whatever their arguments. */
static const unsigned REFUSED[] = {
    /* keys have no owner but the user, whom all programs share */
    SYS_add_key, SYS_request_key, SYS_keyctl,
    /* machinery with a history of exploits */
    SYS_bpf, SYS_perf_event_open, SYS_userfaultfd, SYS_io_uring_setup, SYS_io_uring_enter, SYS_io_uring_register,
    SYS_fanotify_init, SYS_lookup_dcookie, SYS_kcmp, SYS_process_vm_readv, SYS_process_vm_writev, SYS_pidfd_getfd,
    /* another view of the system, in which the agent is somebody else */
    SYS_unshare, SYS_setns, SYS_chroot, SYS_pivot_root, SYS_mount, SYS_umount2, SYS_fsopen, SYS_fsconfig, SYS_fsmount,
    SYS_fspick, SYS_open_tree, SYS_move_mount, 442 /* mount_setattr */,
    /* files by handle, whatever the root is */
    SYS_name_to_handle_at, SYS_open_by_handle_at,
    /* the machine's own settings */
    SYS_init_module, SYS_finit_module, SYS_delete_module, SYS_kexec_load, SYS_kexec_file_load, SYS_reboot, SYS_swapon,
    SYS_swapoff, SYS_quotactl, 443 /* quotactl_fd */, SYS_acct, SYS_syslog, SYS_vhangup, SYS_sethostname,
    SYS_setdomainname, SYS_settimeofday, SYS_clock_settime, SYS_adjtimex, SYS_clock_adjtime,
#ifdef __x86_64__
    SYS_iopl, SYS_ioperm, SYS_modify_ldt,
#endif
};

/* Not there, so that programs fall back: flags of clone3 lie where no filter sees them; a table that all share. */
static const unsigned ABSENT[] = {SYS_clone3, SYS_pidfd_send_signal, SYS_io_setup};

/* Refused with EPERM when an argument, under a mask, is one of the values, or unless it is. */
static const struct rule {
  unsigned call, argument, mask;
  bool unless;
  unsigned count, values[MAX_VALUES];
} RULES[] = {
    /* Not every kernel shields PID 1 from the signals of others of its user. */
    {SYS_kill, 0, ALL_BITS, false, 1, {1}},
    {SYS_tkill, 0, ALL_BITS, false, 1, {1}},
    {SYS_tgkill, 0, ALL_BITS, false, 1, {1}},
    {SYS_tgkill, 1, ALL_BITS, false, 1, {1}},
    {SYS_rt_sigqueueinfo, 0, ALL_BITS, false, 1, {1}},
    {SYS_rt_tgsigqueueinfo, 0, ALL_BITS, false, 1, {1}},
    /* A descriptor can signal as well: whom, and with what, is not for programs to say. */
    {SYS_fcntl, 1, ALL_BITS, false, 3, {F_SETOWN, 10 /* F_SETSIG */, 15 /* F_SETOWN_EX */}},
    {SYS_ioctl, 1, ALL_BITS, false, 2, {0x8901 /* FIOSETOWN */, 0x8902 /* SIOCSPGRP */}},
    /* Typing into a terminal, and changing what drives it. */
    {SYS_ioctl, 1, ALL_BITS, false, 4, {TIOCSTI, TIOCLINUX, TIOCSETD, TIOCCONS}},
    /* The own limits only: the guest's are not for programs to lower. */
    {SYS_prlimit64, 0, ALL_BITS, true, 1, {0}},
    {SYS_clone, 0, NEW_NAMESPACES, true, 1, {0}},
    /* Asking for the personality and setting the default one: others take protections off. */
    {SYS_personality, 0, ALL_BITS, true, 2, {0, ALL_BITS}},
#ifdef __x86_64__
    {SYS_mknod, 1, S_IFMT, true, 4, {0, S_IFREG, S_IFIFO, S_IFSOCK}},
#endif
    {SYS_mknodat, 2, S_IFMT, true, 4, {0, S_IFREG, S_IFIFO, S_IFSOCK}},
    /* What a loopback device and Unix sockets need; no raw sockets, no netlink, no vsock. */
    {SYS_socket, 0, ALL_BITS, true, 3, {AF_UNIX, AF_INET, AF_INET6}},
    {SYS_socket, 1, 0xf, true, 3, {SOCK_STREAM, SOCK_DGRAM, SOCK_SEQPACKET}},
    {SYS_socket, 2, ALL_BITS, true, 3, {0, 6 /* TCP */, 17 /* UDP */}},
    {SYS_socketpair, 0, ALL_BITS, true, 1, {AF_UNIX}},
};

static struct sock_filter program[MAX_INSTRUCTIONS];
static unsigned short length;

static void add(unsigned short code, unsigned value, unsigned char when_true, unsigned char when_false) {
  if (length == MAX_INSTRUCTIONS) {
    fail("the fence is too long");
  }
  program[length++] = (struct sock_filter){code, when_true, when_false, value};
}

static void load(size_t offset) {
  add(BPF_LD | BPF_W | BPF_ABS, (unsigned)offset, 0, 0);
}

static void answer(unsigned action) {
  add(BPF_RET | BPF_K, action, 0, 0);
}

static void refuse(unsigned call, unsigned error) {
  add(BPF_JMP | BPF_JEQ | BPF_K, call, 0, 1);
  answer(REFUSE(error));
}

/* The kernel ignores the upper half of these arguments, and so do the comparisons. */
static void add_rule(const struct rule *rule) {
  unsigned char comparisons = (unsigned char)rule->count;
  unsigned char body = (unsigned char)(comparisons + 5);
  add(BPF_JMP | BPF_JEQ | BPF_K, rule->call, 0, body);
  load(offsetof(struct seccomp_data, args) + rule->argument * sizeof(__u64));
  add(BPF_ALU | BPF_AND | BPF_K, rule->mask, 0, 0);
  unsigned char found = rule->unless ? 2 : 1; /* after the comparisons: a jump over the refusal, the refusal */
  for (unsigned i = 0; i < comparisons; i++) {
    add(BPF_JMP | BPF_JEQ | BPF_K, rule->values[i], (unsigned char)(comparisons - 1 - i + found), 0);
  }
  add(BPF_JMP | BPF_JA, rule->unless ? 0 : 1, 0, 0);
  answer(REFUSE(EPERM));
  load(offsetof(struct seccomp_data, nr));
}

void fence_raise(void) {
  load(offsetof(struct seccomp_data, arch));
  add(BPF_JMP | BPF_JEQ | BPF_K, ARCHITECTURE, 1, 0);
  answer(REFUSE(ENOSYS));
  load(offsetof(struct seccomp_data, nr));
#ifdef __x86_64__
  add(BPF_JMP | BPF_JGE | BPF_K, 0x40000000 /* x32 */, 0, 1);
  answer(REFUSE(ENOSYS));
#endif
  for (size_t i = 0; i < COUNT(REFUSED); i++) {
    refuse(REFUSED[i], EPERM);
  }
  for (size_t i = 0; i < COUNT(ABSENT); i++) {
    refuse(ABSENT[i], ENOSYS);
  }
  for (size_t i = 0; i < COUNT(RULES); i++) {
    add_rule(&RULES[i]);
  }
  answer(SECCOMP_RET_ALLOW);
  struct sock_fprog fence = {.len = length, .filter = program};
  if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &fence, 0, 0) != 0) {
    fail("the fence");
  }
}

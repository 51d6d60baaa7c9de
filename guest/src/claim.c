#include "claim.h"

#include <signal.h>
#include <stddef.h>
#include <sys/mount.h>
#include <sys/prctl.h>

#include "fail.h"

#define HELD "/run/holdfast/held"

static void await_word(void) {
  sigset_t word;
  int number;
  sigemptyset(&word);
  sigaddset(&word, SIGTERM);
  if (sigprocmask(SIG_BLOCK, &word, NULL) != 0 || prctl(PR_SET_NAME, CLAIM_WAITS) != 0 || sigwait(&word, &number) != 0) {
    fail("the word");
  }
}

int claim(void) {
  await_word();
  if (mount(HELD "/workspace", "/workspace", NULL, MS_BIND, NULL) != 0) {
    fail("the workspace");
  }
  if (umount2(HELD, MNT_DETACH) != 0) {
    fail("the workspace's entry");
  }
  return 0;
}

#include "clock.h"

#include <stdint.h>
#include <stdio.h>
#include <time.h>

#ifdef __x86_64__
#include <x86intrin.h>

#define ROUNDS 5

static int64_t now_ns(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC_RAW, &now);
  return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

/* The counter and the clock as nearly at once as a few tries give. */
static int64_t read_both(int64_t *ticks) {
  int64_t best = INT64_MAX, at = 0;
  for (int i = 0; i < ROUNDS; i++) {
    int64_t before = now_ns();
    int64_t counter = (int64_t)__rdtsc();
    int64_t after = now_ns();
    if (after - before < best) {
      best = after - before;
      at = before + best / 2;
      *ticks = counter;
    }
  }
  return at;
}

int clock_print(void) {
  int64_t first, last;
  int64_t begin = read_both(&first);
  struct timespec pause = {.tv_nsec = 50000000};
  nanosleep(&pause, NULL);
  int64_t end = read_both(&last);
  return printf("%lld\n", (long long)((last - first) * 1000000 / (end - begin))) > 0 ? 0 : 1;
}
#else
int clock_print(void) {
  return puts("0") >= 0 ? 0 : 1;
}
#endif

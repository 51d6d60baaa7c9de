#include "renew.h"

#include <fcntl.h>
#include <linux/random.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "host.h"

/*
 * The kernel's pool is the same in every machine of a snapshot until something else is mixed in. The bytes are credited
 * in full, and the generators that were seeded before are made to draw anew from the pool at once: without the second
 * step they would go on with their old keys for up to a minute.
 */
static void renew_randomness(const uint8_t *entropy) {
  struct {
    struct rand_pool_info info;
    uint8_t bytes[ENTROPY_BYTES];
  } pool = {.info = {.entropy_count = 8 * ENTROPY_BYTES, .buf_size = ENTROPY_BYTES}};
  memcpy(pool.info.buf, entropy, ENTROPY_BYTES);
  int fd = open("/dev/urandom", O_RDWR | O_CLOEXEC);
  if (fd < 0 || ioctl(fd, RNDADDENTROPY, &pool) != 0 || ioctl(fd, RNDRESEEDCRNG) != 0) {
    give_up("fresh randomness");
  }
  explicit_bzero(&pool, sizeof pool);
  close(fd);
}

void renew(const struct identity *identity) {
  renew_randomness(identity->entropy);
  struct timespec now = {.tv_sec = (time_t)identity->seconds, .tv_nsec = identity->nanos};
  if (clock_settime(CLOCK_REALTIME, &now) != 0) {
    give_up("the clock");
  }
  if (sethostname(identity->hostname, strlen(identity->hostname)) != 0) {
    give_up("host name `%s`", identity->hostname);
  }
}

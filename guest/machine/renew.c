#include "renew.h"

#include <fcntl.h>
#include <linux/random.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

#include "host.h"
#include "root.h"

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

/* The kernel draws its own once, and keeps it. */
static void renew_boot_id(const char *path) {
  uint8_t b[16];
  char text[40];
  if (getrandom(b, sizeof b, 0) != sizeof b) {
    give_up("a boot id");
  }
  b[6] = (uint8_t)((b[6] & 0x0f) | 0x40);
  b[8] = (uint8_t)((b[8] & 0x3f) | 0x80);
  snprintf(text, sizeof text, "%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-%02x%02x%02x%02x%02x%02x\n", b[0], b[1], b[2],
           b[3], b[4], b[5], b[6], b[7], b[8], b[9], b[10], b[11], b[12], b[13], b[14], b[15]);
  root_write(path, text);
}

void renew(const struct identity *identity, const char *boot_id) {
  renew_randomness(identity->entropy);
  struct timespec now = {.tv_sec = (time_t)identity->seconds, .tv_nsec = identity->nanos};
  if (clock_settime(CLOCK_REALTIME, &now) != 0) {
    give_up("the clock");
  }
  if (sethostname(identity->hostname, strlen(identity->hostname)) != 0) {
    give_up("host name `%s`", identity->hostname);
  }  renew_boot_id(boot_id);
}

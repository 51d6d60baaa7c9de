#include "descriptors.h"

#include <sys/resource.h>

#define MOST (1u << 16) /* also where the process may have more: the host has one table for all */

uint32_t descriptors_for(enum descriptor_use use) {
  static uint32_t all;
  struct rlimit limit;
  if (all == 0 && getrlimit(RLIMIT_NOFILE, &limit) == 0) {
    all = limit.rlim_cur > MOST ? MOST : (uint32_t)limit.rlim_cur;
  }
  return all / 8 * use;
}

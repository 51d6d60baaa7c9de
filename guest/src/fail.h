/* The end of the guest, and so of everything in its workbench. */
#ifndef HOLDFAST_FAIL_H
#define HOLDFAST_FAIL_H

/* Says why on stderr and exits; with errno's text when it is not 0. For states from which nothing safe follows. */
__attribute__((noreturn)) void fail(const char *why);

#endif

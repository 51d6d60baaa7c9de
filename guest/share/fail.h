/* The end of the server, and so of the connection. */
#ifndef HOLDFAST_SHARE_FAIL_H
#define HOLDFAST_SHARE_FAIL_H

/* Says why on stderr, with errno's text when it is not 0, and exits. */
__attribute__((noreturn, format(printf, 1, 2))) void fail(const char *format, ...);

#endif

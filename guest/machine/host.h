/* The machine's serial port to the host, before the guest takes it over. A message is a length of four bytes and so many bytes. */
#ifndef HOLDFAST_MACHINE_HOST_H
#define HOLDFAST_MACHINE_HOST_H

#include <stddef.h>
#include <stdint.h>

/* Finds and opens the port. -1 with errno when there is none within a few seconds. */
int host_open(void);
/* Waits, however long, for the next message; returns its length. A broken port ends the machine. */
size_t host_hear(uint8_t *bytes, size_t size);
/* Says one message. */
void host_say(const void *bytes, size_t length);
/* Says why and ends the machine; with errno's text when it is not 0. */
__attribute__((noreturn, format(printf, 1, 2))) void give_up(const char *format, ...);

#endif

/*
 * The machine's channel to the host, before the guest takes it over: a serial port, or a connection that the machine makes
 * over vsock. A message is a length of four bytes and so many bytes.
 */
#ifndef HOLDFAST_MACHINE_HOST_H
#define HOLDFAST_MACHINE_HOST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Finds and opens the channel. -1 with errno when there is none within a few seconds. */
int host_open(void);
/* Opens another serial port. Gives up when there is none with the host at its other end within a few seconds. */
int host_port(const char *path, int flags);
/* From now on messages go over that port. */
void host_speak_over(int port);
/* What the file system of that name comes over, -1 when the machine has a device for it. */
int host_files(const char *name);
/*
 * Waits, however long, for the next message; returns its length. A broken port ends the machine. A broken connection is
 * made anew, as a machine that goes on from its snapshot finds all of them gone.
 */
size_t host_hear(uint8_t *bytes, size_t size);
/* Says one message. */
void host_say(const void *bytes, size_t length);
/* Opens the gate to the guest, and gives it the connection when it is not the one that it began with. */
bool host_pass_on(int gate);
/* Says why and ends the machine; with errno's text when it is not 0. */
__attribute__((noreturn, format(printf, 1, 2))) void give_up(const char *format, ...);

#endif

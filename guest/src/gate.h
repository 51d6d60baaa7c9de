/* A guest that was started before its workbench was ready waits here until it is. */
#ifndef HOLDFAST_GATE_H
#define HOLDFAST_GATE_H

/*
 * Says over the socket `fd` that the guest is as far as it can be, waits for one byte, and closes it. A descriptor that
 * comes with the byte takes the place of `channel`. Whoever holds the
 * other end ends without that byte when the workbench could not be made ready: then the guest ends too.
 */
void gate_wait(int fd, int channel);

#endif

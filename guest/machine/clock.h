/* The speed of the processor's time stamp counter. */
#ifndef HOLDFAST_MACHINE_CLOCK_H
#define HOLDFAST_MACHINE_CLOCK_H

/*
 * On the host: prints how many thousand times a second the counter ticks, 0 where there is none. An emulated machine
 * reads the host's counter and has nothing to calibrate it against, so it must be told. Returns an exit code.
 */
int clock_print(void);

#endif

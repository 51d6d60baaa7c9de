/* The file systems of a machine: its own, and the root that the guest and its programs see. */
#ifndef HOLDFAST_MACHINE_ROOT_H
#define HOLDFAST_MACHINE_ROOT_H

#include "settings.h"

/* The workbench's /etc, as the initial file system carries it. */
#define ETC "/system/etc"
/* Where the workbench's root is built. */
#define ROOT "/root"
/* The file with the boot id, for the first program and as the agent sees it. */
#define BOOT_ID "/boot_id"
#define BOOT_ID_SHOWN "/proc/sys/kernel/random/boot_id"

/* Writes a file anew. Gives up when it cannot. */
void root_write(const char *path, const char *text);
/* proc, sysfs, devices and control groups for the machine itself. */
void root_begin(void);
/* Builds the workbench's root and makes it the caller's own, in a mount namespace of the caller's. */
void root_enter(const struct shape *shape);
/* Writes down what the workbench is called, mounts what comes from the host, and makes the rest unchangeable. */
void root_finish(const struct shape *shape, const struct identity *identity);
/* For the first program: writes down anew what the workbench is called, under its feet. */
void root_name_again(const struct identity *identity);

#endif

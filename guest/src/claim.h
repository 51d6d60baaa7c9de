/* What gives a workbench that was held ready its workspace, where only its own kernel can. */
#ifndef HOLDFAST_CLAIM_H
#define HOLDFAST_CLAIM_H

/* The name of the process from when on SIGTERM is the word that it waits for. */
#define CLAIM_WAITS "waits"

/*
 * Waits for the word, mounts the one entry of /run/holdfast/held at /workspace and takes the directory's own mount away;
 * an exit status. Run from outside, as root inside, beside the guest; it ends before anybody else's program begins.
 */
int claim(void);

#endif

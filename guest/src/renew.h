/* What makes a workbench that goes on from a saved state another one. */
#ifndef HOLDFAST_RENEW_H
#define HOLDFAST_RENEW_H

/* Gives it a host name and a boot id of its own; an exit status. Run from outside, as root inside, beside the guest. */
int renew(const char *name);

#endif

/* An image as the system of a workbench. */
#ifndef HOLDFAST_MACHINE_IMAGE_H
#define HOLDFAST_MACHINE_IMAGE_H

/*
 * Shows the entries of the image's root, read-only, in the root that is the workbench's own, but for those that the
 * workbench makes itself. Gives up when they are more than an image's root has.
 */
void image_mount(void);

#endif

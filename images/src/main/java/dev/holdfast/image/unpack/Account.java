package dev.holdfast.image.unpack;

/**
 * The user and group that an image wants its programs to run as.
 *
 * @param uid 0 when it says nothing, or root
 */
public record Account(int uid, int gid) {}

package dev.holdfast.image.unpack;

/**
 * What one image may take when it is unpacked. An honest image stays far below; one that was made
 * to fill the disk, or the kernel's tables, does not.
 *
 * @param totalBytes of all files
 * @param fileBytes of one file
 * @param entries files, directories and links
 * @param ratio how many bytes one compressed byte may become, counted over a whole layer, once it
 *     has become more than {@code freeBytes}
 * @param freeBytes what a layer may have before its ratio counts: small things compress well
 */
public record UnpackLimits(
    long totalBytes, long fileBytes, int entries, int ratio, long freeBytes) {
  public static final UnpackLimits DEFAULT =
      new UnpackLimits(32L << 30, 8L << 30, 1_000_000, 250, 128L << 20);
}

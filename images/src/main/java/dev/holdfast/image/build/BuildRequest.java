package dev.holdfast.image.build;

import dev.holdfast.workbench.Caps;
import java.nio.file.Path;
import java.util.Map;

/**
 * What is to be built.
 *
 * @param context the directory that {@code COPY} takes files from
 * @param dockerfile its text
 * @param file what it is called in messages
 * @param name the image's, written out
 * @param arguments values for {@code ARG}
 * @param fresh every step is done again
 * @param caps of each step
 */
public record BuildRequest(
    Path context,
    String dockerfile,
    String file,
    String name,
    Map<String, String> arguments,
    boolean fresh,
    Caps caps) {
  public BuildRequest {
    arguments = Map.copyOf(arguments);
  }
}

package dev.holdfast.image.build;

import dev.holdfast.image.ImageException;
import java.util.List;

/**
 * A Dockerfile, read and checked.
 *
 * @param before the {@code ARG}s before the first {@code FROM}
 */
record Dockerfile(Words words, List<Instruction> before, List<Section> stages) {
  /**
   * One stage.
   *
   * @param name as {@code AS} says; otherwise its number
   */
  record Section(String name, Instruction from, List<Instruction> steps) {
    Section {
      steps = List.copyOf(steps);
    }
  }

  Dockerfile {
    before = List.copyOf(before);
    stages = List.copyOf(stages);
  }

  /**
   * Reads one.
   *
   * @param file what it is called in messages
   * @throws ImageException when it holds what is not understood, with its place
   */
  static Dockerfile read(String text, String file) {
    return new DockerfileReader(text, file).read();
  }
}

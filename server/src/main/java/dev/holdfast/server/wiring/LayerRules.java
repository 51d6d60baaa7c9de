package dev.holdfast.server.wiring;

import dev.holdfast.workbench.Boundary;
import dev.holdfast.workbench.PlacementRules;
import dev.holdfast.workbench.WorkbenchException;
import dev.holdfast.workbench.Workload;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The file {@code layers.properties} of a state directory: the weakest boundary that is allowed,
 * {@code everywhere} or for a workload. What cannot be read is not passed over: nothing runs.
 */
public final class LayerRules {
  private static final String FILE = "layers.properties";
  private static final String EVERYWHERE = "everywhere";

  private LayerRules() {}

  /**
   * The rules of a state directory.
   *
   * @throws WorkbenchException when the file cannot be used
   */
  public static PlacementRules in(Path home) {
    Path file = home.resolve(FILE);
    try {
      return parse(Files.readAllLines(file));
    } catch (NoSuchFileException none) {
      return PlacementRules.NONE;
    } catch (IOException | IllegalArgumentException wrong) {
      throw new WorkbenchException(
          "`%s` cannot be used: %s".formatted(file, wrong.getMessage()), wrong);
    }
  }

  static PlacementRules parse(List<String> lines) {
    Boundary everywhere = Boundary.SHARED_KERNEL;
    Map<Workload, Boundary> byWorkload = new EnumMap<>(Workload.class);
    for (String line : lines) {
      if (line.isBlank() || line.startsWith("#")) {
        continue;
      }
      String[] sides = line.split("=", -1);
      if (sides.length != 2) {
        throw new IllegalArgumentException(
            "line `%s` is not allowed: write `%s = %s`"
                .formatted(line, EVERYWHERE, Boundary.KERNEL_IN_USER_SPACE.typed()));
      }
      String name = sides[0].strip();
      Boundary least = boundary(sides[1].strip());
      if (name.equals(EVERYWHERE)) {
        everywhere = least;
      } else {
        byWorkload.put(Workload.named(name), least);
      }
    }
    return new PlacementRules(everywhere, byWorkload);
  }

  private static Boundary boundary(String name) {
    return Arrays.stream(Boundary.values())
        .filter(boundary -> boundary.typed().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "boundary `%s` is not known: %s are"
                        .formatted(
                            name,
                            Arrays.stream(Boundary.values())
                                .map(Boundary::typed)
                                .collect(Collectors.joining(", ")))));
  }
}

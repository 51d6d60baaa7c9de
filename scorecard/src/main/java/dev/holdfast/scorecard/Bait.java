package dev.holdfast.scorecard;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/**
 * What the host puts within reach of a program that breaks out: a file that anybody may read, an
 * abstract socket, a listener on the loopback, a key, shared memory. Closing takes it all away.
 */
public final class Bait implements AutoCloseable {
  /** A file that nobody puts beside the secret. */
  static final String TAKEN = "taken";

  private final Process process;
  private final Path directory;
  private final Map<String, String> places;
  private final String token;
  private final List<String> visitors = new CopyOnWriteArrayList<>();

  private Bait(
      Process process,
      Path directory,
      BufferedReader out,
      Map<String, String> places,
      String token) {
    this.process = process;
    this.directory = directory;
    this.places = places;
    this.token = token;
    Thread.ofVirtual().start(() -> out.lines().forEach(visitors::add));
  }

  /**
   * Lays it out.
   *
   * @param directory where files of the bait shall be; exists, and is open to everybody, so that
   *     nothing but the layer protects them
   * @param neighbour a file of another run, as the host names it, for attacks to look for
   */
  public static Bait lay(Path directory, Path neighbour) throws IOException {
    requireOpen(directory);
    var name = "holdfast-bait-" + UUID.randomUUID();
    var token = UUID.randomUUID().toString();
    Path secret = Files.writeString(directory.resolve("secret"), token + "\n");
    Path program = directory.resolve("attack");
    Files.write(program, Attacks.program());
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
    Process process =
        new ProcessBuilder(program.toString(), "bait", "name=" + name, "token=" + token)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
    String ready = out.readLine();
    if (ready == null) {
      throw new IOException("the bait could not be laid; its program says why on stderr");
    }
    var places = new LinkedHashMap<String, String>();
    for (String place : ready.split("\t", -1)) {
      String[] sides = place.split("=", 2);
      places.put(sides[0], sides[1]);
    }
    places.put("secret", secret.toString());
    places.put("neighbour", neighbour.toString());
    places.put("neighbour-command", "bait");
    places.put("neighbour-pid", Long.toString(process.pid()));
    return new Bait(process, directory, out, places, token);
  }

  /** Else an attack that has broken out would be refused by the wrong wall. */
  private static void requireOpen(Path directory) throws IOException {
    for (Path path = directory.toRealPath(); path != null; path = path.getParent()) {
      if (!Files.getPosixFilePermissions(path).contains(PosixFilePermission.OTHERS_EXECUTE)) {
        throw new IOException(
            "bait in `%s` is out of reach: everybody must be able to enter `%s`"
                .formatted(directory, path));
      }
    }
  }

  /** Where everything is, as {@code name=value} arguments of the attacking program. */
  List<String> arguments() {
    return places.entrySet().stream().map(e -> e.getKey() + "=" + e.getValue()).toList();
  }

  /** Where everything is, by name. */
  Map<String, String> places() {
    return Map.copyOf(places);
  }

  /** What shows that somebody was here or took something: visits, or the token in their hands. */
  List<String> traces(String theirs) {
    var traces = new ArrayList<>(visitors);
    if (theirs.contains(token)) {
      traces.add("the host's secret was read");
    }
    if (Files.exists(directory.resolve(TAKEN))) {
      traces.add("a file was put beside the host's secret");
    }
    return traces;
  }

  @Override
  public void close() throws IOException {
    process.getOutputStream().close();
    try {
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}

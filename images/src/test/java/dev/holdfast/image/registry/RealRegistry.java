package dev.holdfast.image.registry;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** Debian's {@code docker-registry}, on loopback, with its files in a directory of the test. */
public final class RealRegistry implements AutoCloseable {
  public static final String USER = "ada";
  public static final String PASSWORD = "correct horse";

  private final Process process;
  private final int port;
  private final boolean tls;

  private RealRegistry(Process process, int port, boolean tls) {
    this.process = process;
    this.port = port;
    this.tls = tls;
  }

  /** Open to everybody, without TLS. */
  public static RealRegistry open(Path directory) throws Exception {
    return start(directory, "", "");
  }

  /** Asks for {@link #USER} and {@link #PASSWORD}. */
  public static RealRegistry withPassword(Path directory) throws Exception {
    Path file = Files.createDirectories(directory).resolve("htpasswd");
    Files.writeString(file, USER + ":" + bcrypt(PASSWORD) + "\n");
    return start(directory, "auth:\n  htpasswd:\n    realm: here\n    path: " + file + "\n", "");
  }

  /** Speaks TLS with a certificate of its own making: {@code registry.crt} in the directory. */
  public static RealRegistry withTls(Path directory) throws Exception {
    certificate(directory);
    return start(
        directory,
        "",
        "  tls:\n    certificate: %1$s/registry.crt\n    key: %1$s/registry.key\n"
            .formatted(directory));
  }

  /** Asks for tokens of the server at {@code realm}, signed with the key of the directory. */
  public static RealRegistry withTokens(Path directory, URI realm) throws Exception {
    certificate(directory);
    return start(
        directory,
        """
        auth:
          token:
            realm: %s
            service: test
            issuer: issuer
            rootcertbundle: %s/registry.crt
        """
            .formatted(realm, directory),
        "");
  }

  private static String bcrypt(String password) throws Exception {
    return output("perl", "-e", "print crypt($ARGV[0], '$2y$05$abcdefghijklmnopqrstuu')", password);
  }

  static void certificate(Path directory) throws Exception {
    Files.createDirectories(directory);
    output(
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-days",
        "2",
        "-subj",
        "/CN=localhost",
        "-addext",
        "subjectAltName=DNS:localhost,IP:127.0.0.1",
        "-keyout",
        directory.resolve("registry.key").toString(),
        "-out",
        directory.resolve("registry.crt").toString());
  }

  private static String output(String... command) throws Exception {
    Process process = new ProcessBuilder(command).redirectError(Redirect.DISCARD).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
      throw new IllegalStateException("`%s` failed".formatted(command[0]));
    }
    return output;
  }

  private static RealRegistry start(Path directory, String auth, String tls) throws Exception {
    Files.createDirectories(directory);
    int port = freePort();
    Path file = directory.resolve("config.yml");
    Files.writeString(
        file,
        """
        version: 0.1
        log:
          level: error
        storage:
          filesystem:
            rootdirectory: %s/data
          delete:
            enabled: true
        %shttp:
          addr: 127.0.0.1:%d
        %s\
        """
            .formatted(directory, auth, port, tls));
    var builder = new ProcessBuilder("docker-registry", "serve", file.toString());
    builder.redirectErrorStream(true).redirectOutput(directory.resolve("log").toFile());
    var registry = new RealRegistry(builder.start(), port, !tls.isEmpty());
    registry.awaitListening();
    return registry;
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private void awaitListening() throws Exception {
    for (int i = 0; i < 600; i++) {
      try (var socket = new Socket()) {
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1000);
        return;
      } catch (ConnectException notYet) {
        if (!process.isAlive()) {
          throw new IllegalStateException("docker-registry ended at once");
        }
        Thread.sleep(50);
      }
    }
    close();
    throw new IllegalStateException("docker-registry does not listen");
  }

  /** As references name it. */
  public String name() {
    return "localhost:" + port;
  }

  /** Stores a content. */
  public void push(String repository, String digest, byte[] content, String header)
      throws Exception {
    HttpResponse<String> begun =
        send(post(URI.create(base() + "/v2/" + repository + "/blobs/uploads/")), header);
    require(begun, 202);
    String location = begun.headers().firstValue("Location").orElseThrow();
    String separator = location.contains("?") ? "&" : "?";
    var put =
        HttpRequest.newBuilder(
                URI.create(base()).resolve(location + separator + "digest=" + digest))
            .PUT(HttpRequest.BodyPublishers.ofByteArray(content))
            .header("Content-Type", "application/octet-stream");
    require(send(put, header), 201);
  }

  /** Stores a manifest or index under a tag or digest. */
  public void pushManifest(
      String repository, String name, byte[] content, String mediaType, String header)
      throws Exception {
    var put =
        HttpRequest.newBuilder(URI.create(base() + "/v2/" + repository + "/manifests/" + name))
            .PUT(HttpRequest.BodyPublishers.ofByteArray(content))
            .header("Content-Type", mediaType);
    require(send(put, header), 201);
  }

  private static HttpRequest.Builder post(URI uri) {
    return HttpRequest.newBuilder(uri).POST(HttpRequest.BodyPublishers.noBody());
  }

  private static HttpResponse<String> send(HttpRequest.Builder request, String authorization)
      throws Exception {
    if (!authorization.isEmpty()) {
      request.header("Authorization", authorization);
    }
    try (var client = HttpClient.newHttpClient()) {
      return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }
  }

  private static void require(HttpResponse<String> response, int status) {
    if (response.statusCode() != status) {
      throw new IllegalStateException(response.statusCode() + ": " + response.body());
    }
  }

  private String base() {
    return (tls ? "https" : "http") + "://127.0.0.1:" + port;
  }

  @Override
  public void close() {
    process.destroyForcibly();
    try {
      process.waitFor(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}

package dev.holdfast.cli.server;

import dev.holdfast.cli.command.CommandFailure;
import dev.holdfast.cli.command.Context;
import dev.holdfast.cli.command.ExitCode;
import dev.holdfast.server.ServerPlace;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URLEncoder;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.MissingNode;

/** Asks the server of a state directory. One connection a request: a Unix socket's cost nothing. */
public final class ApiClient {
  static final JsonMapper JSON = JsonMapper.builder().build();
  private static final int PIECE = 256 << 10;
  private static final int LARGEST_ERROR = 64 << 10;

  private final Path socket;

  private ApiClient(Path socket) {
    this.socket = socket;
  }

  /** Of the server that runs, or of one that is started now. */
  public static ApiClient of(Context context) throws IOException, InterruptedException {
    return new ApiClient(ServerStart.ensure(context));
  }

  /** Of the server that runs; empty when none does. */
  public static Optional<ApiClient> ofRunning(Context context) {
    var socket = ServerPlace.in(context.home()).socket();
    return ServerStart.answers(socket) ? Optional.of(new ApiClient(socket)) : Optional.empty();
  }

  /**
   * Asks, and reads a JSON answer.
   *
   * @param body made JSON; null for none
   * @throws CommandFailure with the server's words when it refuses
   */
  public JsonNode call(String method, String path, @Nullable Object body) throws IOException {
    byte[] json = body == null ? new byte[0] : JSON.writeValueAsBytes(body);
    var headers = "Connection: close\r\nContent-Length: " + json.length + "\r\n";
    var request = new ByteArrayOutputStream();
    request.writeBytes(head(method, path, headers));
    request.writeBytes(json);
    try (var channel = connect()) {
      var sent = new ByteArrayInputStream(request.toByteArray());
      carry(sent, request.size(), Channels.newOutputStream(channel));
      var reply = HttpReply.read(new BufferedInputStream(Channels.newInputStream(channel)));
      requireSuccess(reply);
      byte[] answer = reply.body().readAllBytes();
      return answer.length == 0 ? MissingNode.getInstance() : JSON.readTree(answer);
    } catch (IOException e) {
      throw new CommandFailure(
          ExitCode.FAILED, "the server at `%s` ended before it answered".formatted(socket), e);
    }
  }

  /**
   * Sends bytes of any length, without holding them.
   *
   * @param length how many there are
   * @throws CommandFailure with the server's words when it refuses
   */
  public void put(String path, InputStream content, long length) throws IOException {
    try (var channel = connect()) {
      var out = Channels.newOutputStream(channel);
      out.write(head("PUT", path, "Connection: close\r\nContent-Length: " + length + "\r\n"));
      carry(content, length, out);
      requireSuccess(HttpReply.read(new BufferedInputStream(Channels.newInputStream(channel))));
    }
  }

  private static void carry(InputStream content, long length, OutputStream out) throws IOException {
    var piece = new byte[PIECE];
    long left = length;
    while (left > 0) {
      int count = content.read(piece, 0, (int) Math.min(piece.length, left));
      if (count < 0) {
        throw new EOFException("the file has become shorter while it was sent");
      }
      try {
        out.write(piece, 0, count);
      } catch (IOException refused) {
        return; // the answer says why
      }
      left -= count;
    }
  }

  /**
   * Gets bytes of any length, without holding them.
   *
   * @throws CommandFailure with the server's words when it refuses
   * @throws EOFException when there were fewer than the server had announced
   */
  public void get(String path, OutputStream to) throws IOException {
    try (var channel = connect()) {
      Channels.newOutputStream(channel).write(head("GET", path, "Connection: close\r\n"));
      var reply = HttpReply.read(new BufferedInputStream(Channels.newInputStream(channel), PIECE));
      requireSuccess(reply);
      reply.body().transferTo(to);
    }
  }

  /**
   * Opens a WebSocket.
   *
   * @throws CommandFailure with the server's words when it refuses
   */
  public WebSocket open(String path) throws IOException {
    var channel = connect();
    try {
      var out = Channels.newOutputStream(channel);
      out.write(head("GET", path, WebSocket.REQUEST));
      var in = new BufferedInputStream(Channels.newInputStream(channel), 64 << 10);
      var reply = HttpReply.read(in);
      if (reply.status() != WebSocket.SWITCHING) {
        requireSuccess(reply);
        throw new IOException("the server does not speak WebSocket at `%s`".formatted(path));
      }
      return new WebSocket(channel, in);
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  /** A piece of a path or query, whatever is in it. */
  public static String encoded(String piece) {
    return URLEncoder.encode(piece, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private SocketChannel connect() throws IOException {
    try {
      return SocketChannel.open(UnixDomainSocketAddress.of(socket));
    } catch (IOException e) {
      throw new CommandFailure(
          ExitCode.FAILED, "the server at `%s` does not answer any more".formatted(socket), e);
    }
  }

  private static byte[] head(String method, String path, String headers) {
    return "%s %s HTTP/1.1\r\nHost: holdfast\r\n%s\r\n"
        .formatted(method, path, headers)
        .getBytes(StandardCharsets.US_ASCII);
  }

  private static void requireSuccess(HttpReply reply) throws IOException {
    if (reply.status() >= 400) {
      byte[] body = reply.body().readNBytes(LARGEST_ERROR);
      throw failure(reply.status(), tree(body));
    }
  }

  private static JsonNode tree(byte[] body) {
    try {
      return JSON.readTree(body);
    } catch (JacksonException notJson) {
      return MissingNode.getInstance();
    }
  }

  private static CommandFailure failure(int status, JsonNode body) {
    return failure(body)
        .orElseGet(() -> new CommandFailure(ExitCode.FAILED, "the server answered with " + status));
  }

  /** What a message of the server says went wrong; empty when nothing did. */
  public static Optional<CommandFailure> failure(JsonNode message) {
    var error = message.path("error");
    if (error.isMissingNode()) {
      return Optional.empty();
    }
    var code =
        error.path("code").asString("").equals("bad_request") ? ExitCode.USAGE : ExitCode.FAILED;
    return Optional.of(new CommandFailure(code, error.path("message").asString("")));
  }
}

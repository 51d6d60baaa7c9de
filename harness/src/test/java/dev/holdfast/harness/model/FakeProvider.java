package dev.holdfast.harness.model;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A provider on this machine that answers every request in the same way and remembers them. */
final class FakeProvider implements AutoCloseable {
  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final List<Seen> seen = new CopyOnWriteArrayList<>();
  private final CountDownLatch closing = new CountDownLatch(1);
  final CountDownLatch asked = new CountDownLatch(1);

  record Seen(String path, Map<String, List<String>> headers, JsonNode body) {
    String header(String name) {
      return headers.getOrDefault(name, List.of("")).getFirst();
    }
  }

  /** What it answers with. */
  sealed interface Reply {
    /** A whole answer. */
    record Whole(int status, Map<String, String> headers, String body) implements Reply {}

    /** The beginning of a stream, then the connection breaks. */
    record Broken(String body) implements Reply {}

    /** The beginning of a stream, then nothing. */
    record Silent(String body) implements Reply {}
  }

  static Reply stream(String body) {
    return new Reply.Whole(200, Map.of("content-type", "text/event-stream"), body);
  }

  static Reply error(int status, String body) {
    return new Reply.Whole(status, Map.of("content-type", "application/json"), body);
  }

  FakeProvider(Reply reply) {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    server.setExecutor(threads);
    server.createContext("/", exchange -> answer(exchange, reply));
    server.start();
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  List<Seen> seen() {
    return seen;
  }

  private void answer(HttpExchange exchange, Reply reply) throws IOException {
    var body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    var headers = new java.util.TreeMap<String, List<String>>(String.CASE_INSENSITIVE_ORDER);
    headers.putAll(exchange.getRequestHeaders());
    seen.add(
        new Seen(exchange.getRequestURI().toString(), headers, JsonMapper.shared().readTree(body)));
    asked.countDown();
    try (exchange) {
      switch (reply) {
        case Reply.Whole(int status, var more, var text) -> {
          more.forEach(exchange.getResponseHeaders()::set);
          send(exchange, status, text);
        }
        // The announced length is never reached: the client sees the connection break.
        case Reply.Broken(var text) -> begin(exchange, text);
        case Reply.Silent(var text) -> {
          begin(exchange, text);
          closing.await();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void send(HttpExchange exchange, int status, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  private static void begin(HttpExchange exchange, String text) throws IOException {
    exchange.getResponseHeaders().set("content-type", "text/event-stream");
    exchange.sendResponseHeaders(200, 1 << 20);
    exchange.getResponseBody().write(text.getBytes(StandardCharsets.UTF_8));
    exchange.getResponseBody().flush();
  }

  @Override
  public void close() {
    closing.countDown();
    server.stop(0);
    threads.shutdownNow();
  }
}

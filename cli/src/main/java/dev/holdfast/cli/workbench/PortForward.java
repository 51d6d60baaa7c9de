package dev.holdfast.cli.workbench;

import dev.holdfast.cli.command.CommandFailure;
import dev.holdfast.cli.command.Context;
import dev.holdfast.cli.command.ExitCode;
import dev.holdfast.cli.command.Terminal;
import dev.holdfast.cli.server.ApiClient;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import picocli.CommandLine.ParseResult;

/**
 * {@code holdfast workbench port}: ports of this machine's loopback that lead to programs inside.
 */
final class PortForward {
  private static final Pattern PORTS = Pattern.compile("([0-9]{1,5})(?::([0-9]{1,5}))?");
  private static final int MOST_PORT = 65_535;
  private static final int BACKLOG = 128;
  private static final byte[] LOOPBACK = {127, 0, 0, 1};

  /** How often it is asked whether the workbench is there still. */
  private static final Duration GLANCE = Duration.ofSeconds(2);

  private PortForward() {}

  /**
   * A port inside and one of this machine.
   *
   * @param local 0 for a free one
   */
  private record Ports(int inside, int local) {
    static Ports of(String written) {
      var matcher = PORTS.matcher(written);
      if (matcher.matches()) {
        int inside = Integer.parseInt(matcher.group(1));
        int local = matcher.group(2) == null ? inside : Integer.parseInt(matcher.group(2));
        if (inside > 0 && inside <= MOST_PORT && local <= MOST_PORT) {
          return new Ports(inside, local);
        }
      }
      throw new CommandFailure(
          ExitCode.USAGE,
          "`%s` is no port: write PORT or PORT:LOCALPORT, 1 to 65535 each".formatted(written));
    }
  }

  static int run(ParseResult arguments, Context context) throws IOException, InterruptedException {
    String id = arguments.matchedPositionalValue(0, "");
    var client = ApiClient.ofRunning(context).orElseThrow(() -> Workbenches.none(id));
    var ports =
        arguments.matchedPositionalValue(1, List.<String>of()).stream().map(Ports::of).toList();
    client.call("GET", Workbenches.path(id), null);
    var listeners = new ArrayList<ServerSocketChannel>();
    try {
      for (var port : ports) {
        listeners.add(listen(port));
      }
      var complaints = new Complaints(context.terminal());
      for (int i = 0; i < listeners.size(); i++) {
        var forwarded = new ForwardedPort(client, id, ports.get(i).inside(), complaints);
        say(ports.get(i).inside(), listeners.get(i), context.terminal());
        forwarded.serve(listeners.get(i));
      }
      return awaitEnd(client, id);
    } finally {
      for (var listener : listeners) {
        listener.close();
      }
    }
  }

  private static ServerSocketChannel listen(Ports ports) throws IOException {
    var listener = ServerSocketChannel.open();
    try {
      var loopback = InetAddress.getByAddress(LOOPBACK);
      return listener.bind(new InetSocketAddress(loopback, ports.local()), BACKLOG);
    } catch (BindException taken) {
      listener.close();
      throw new CommandFailure(
          ExitCode.FAILED,
          "port `%d` of this machine cannot be listened on: %s; `%d:0` takes a free one"
              .formatted(ports.local(), taken.getMessage(), ports.inside()),
          taken);
    }
  }

  private static void say(int inside, ServerSocketChannel listener, Terminal terminal)
      throws IOException {
    var local = (InetSocketAddress) listener.getLocalAddress();
    var address = "127.0.0.1:" + local.getPort();
    if (terminal.json()) {
      terminal.json(Map.of("port", inside, "address", address));
    } else {
      terminal.line("%s leads to port %d; Ctrl-C ends it".formatted(address, inside));
    }
    terminal.out().flush();
  }

  /** Until Ctrl-C, or until the workbench is gone. */
  private static int awaitEnd(ApiClient client, String id)
      throws IOException, InterruptedException {
    String state = "";
    while (!state.equals("gone")) {
      Thread.sleep(GLANCE);
      state = client.call("GET", Workbenches.path(id), null).path("state").asString("");
    }
    throw new CommandFailure(ExitCode.FAILED, "workbench `%s` is gone".formatted(id));
  }

  /** What goes wrong with connections, each thing said once until another one happens. */
  static final class Complaints {
    private final Terminal terminal;
    private String last = "";

    Complaints(Terminal terminal) {
      this.terminal = terminal;
    }

    synchronized void say(String complaint) {
      if (!complaint.equals(last)) {
        terminal.note("holdfast: " + Terminal.safe(complaint));
        last = complaint;
      }
    }

    /** It works again. */
    synchronized void forget() {
      last = "";
    }
  }
}

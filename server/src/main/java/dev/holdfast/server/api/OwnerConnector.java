package dev.holdfast.server.api;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import jdk.net.ExtendedSocketOptions;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.unixdomain.server.UnixDomainServerConnector;

/**
 * Listens at a Unix socket of mode 0600 and serves the socket's own user, or root; what anybody
 * else opens is closed unread. The kernel says who that is.
 */
final class OwnerConnector extends UnixDomainServerConnector {
  private static final String ONLY_MINE = "rw-------";

  private final Path socket;
  private final Set<String> served;

  OwnerConnector(Server server, HttpConfiguration http, Path socket) {
    super(server, new HttpConnectionFactory(http));
    this.socket = socket;
    this.served = Set.copyOf(List.of("root", ownUser()));
    setUnixDomainPath(socket);
  }

  private static String ownUser() {
    try {
      return Files.getOwner(Path.of("/proc/self")).getName();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  protected void doStart() throws Exception {
    super.doStart();
    Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString(ONLY_MINE));
  }

  @Override
  protected void configure(SocketChannel peer) throws IOException {
    var user = peer.getOption(ExtendedSocketOptions.SO_PEERCRED).user().getName();
    if (!served.contains(user)) {
      peer.close();
      throw new ClosedChannelException();
    }
    super.configure(peer);
  }
}

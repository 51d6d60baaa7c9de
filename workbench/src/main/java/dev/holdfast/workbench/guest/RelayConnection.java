package dev.holdfast.workbench.guest;

import dev.holdfast.workbench.WorkbenchException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;

/** One connection from inside, carried to a Unix socket of the host by two virtual threads. */
record RelayConnection(GuestConnection client, UnixDomainSocketAddress target) {
  void carry() {
    Thread.startVirtualThread(this::carryBothWays);
  }

  private void carryBothWays() {
    try (client;
        var socket = SocketChannel.open(target)) {
      Thread outwards = Thread.startVirtualThread(() -> carryOutwards(socket));
      carryInwards(socket);
      outwards.join();
    } catch (IOException _) {
      // The service at the target is not there, or broke off: the client sees its connection end.
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private void carryOutwards(SocketChannel socket) {
    try {
      copy(client.input(), Channels.newOutputStream(socket));
      socket.shutdownOutput();
    } catch (IOException | WorkbenchException _) {
      client.close();
    }
  }

  private void carryInwards(SocketChannel socket) {
    try {
      copy(Channels.newInputStream(socket), client.output());
      client.output().close();
    } catch (IOException | WorkbenchException _) {
      client.close();
    }
  }

  private static void copy(InputStream from, OutputStream to) throws IOException {
    var bytes = new byte[Limits.MAX_DATA];
    for (int count = from.read(bytes); count >= 0; count = from.read(bytes)) {
      to.write(bytes, 0, count);
    }
  }
}

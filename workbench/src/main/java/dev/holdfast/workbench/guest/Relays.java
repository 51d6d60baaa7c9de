package dev.holdfast.workbench.guest;

import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** The relays of one workbench: what happens when the guest says that somebody connected. */
final class Relays {
  private final GuestChannel channel;
  private final Map<Integer, Relay> relays = new ConcurrentHashMap<>();
  private final AtomicInteger connections = new AtomicInteger();

  Relays(GuestChannel channel) {
    this.channel = channel;
  }

  void add(int id, Relay relay) {
    relays.put(id, relay);
  }

  void remove(int id) {
    relays.remove(id);
  }

  /** A frame ACCEPTED: the payload names the relay. Called by the reader. */
  void onAccepted(int id, ByteBuffer payload) throws ProtocolViolation {
    Frames.requireLength(payload, 4);
    Relay relay = relays.get(payload.getInt());
    if ((id & Protocol.GUEST_STREAM) == 0 || channel.streams().containsKey(id)) {
      throw new ProtocolViolation("a connection with id `%#x`".formatted(id));
    }
    if (connections.incrementAndGet() > Limits.MAX_CONNECTIONS) {
      throw new ProtocolViolation("more than %d connections".formatted(Limits.MAX_CONNECTIONS));
    }
    var connection = new GuestConnection(channel, id, connections::decrementAndGet);
    channel.streams().put(id, connection);
    if (relay == null) { // it was closed while somebody connected
      connection.close();
    } else {
      new RelayConnection(connection, relay.target()).carry();
    }
  }

  void onEnd() {
    relays.clear();
  }
}

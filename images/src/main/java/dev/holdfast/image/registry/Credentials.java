package dev.holdfast.image.registry;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** Who somebody is at a registry. Printing one shows no secret. */
public sealed interface Credentials {
  /** A name and a password or token. */
  record Basic(String user, String secret) implements Credentials {
    String header() {
      var both = (user + ":" + secret).getBytes(StandardCharsets.UTF_8);
      return "Basic " + Base64.getEncoder().encodeToString(both);
    }

    @Override
    public String toString() {
      return "Basic[user=" + user + "]";
    }
  }

  /** A long-lived token that a token server exchanges for short-lived ones. */
  record IdentityToken(String token) implements Credentials {
    @Override
    public String toString() {
      return "IdentityToken[]";
    }
  }
}

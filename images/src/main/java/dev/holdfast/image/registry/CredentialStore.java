package dev.holdfast.image.registry;

import java.util.Optional;

/** Knows the user's credentials. */
public interface CredentialStore {
  /**
   * What it knows.
   *
   * @param hint where more could be known; for the message when access is refused
   */
  record Found(Optional<Credentials> credentials, String hint) {}

  /** The credentials for a registry, as references name it. */
  Found find(String registry);

  /** One that knows none. */
  static CredentialStore none() {
    return registry -> new Found(Optional.empty(), "");
  }
}

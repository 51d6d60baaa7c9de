package dev.holdfast.image.registry;

import dev.holdfast.image.ImageException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

/**
 * Whose certificates count: those that Java knows, and for one registry those in a directory named
 * after it, {@code DIR/HOST:PORT/*.crt}, as Docker and Podman have it.
 */
final class Trust {
  private Trust() {}

  static SSLContext context(List<Path> directories, String registry) {
    try {
      KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
      store.load(null, null);
      int number = 0;
      for (X509Certificate known : known()) {
        store.setCertificateEntry("known-" + number++, known);
      }
      for (Path directory : directories) {
        for (Path file : certificates(directory.resolve(registry))) {
          try (InputStream in = Files.newInputStream(file)) {
            for (var more : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
              store.setCertificateEntry("added-" + number++, more);
            }
          }
        }
      }
      var factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      factory.init(store);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, factory.getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException | IOException e) {
      throw new ImageException(
          "the certificates for registry `%s` cannot be used: %s"
              .formatted(registry, e.getMessage()),
          e);
    }
  }

  private static List<X509Certificate> known() throws GeneralSecurityException {
    var factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init((KeyStore) null);
    return Stream.of(factory.getTrustManagers())
        .filter(X509TrustManager.class::isInstance)
        .flatMap(manager -> Stream.of(((X509TrustManager) manager).getAcceptedIssuers()))
        .toList();
  }

  private static List<Path> certificates(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(directory)) {
      return files.filter(file -> file.toString().endsWith(".crt")).sorted().toList();
    }
  }
}

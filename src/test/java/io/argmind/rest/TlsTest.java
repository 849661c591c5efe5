package io.argmind.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.Base64;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** As docs/operations.md says it: a certificate and its key in two files, which may be replaced. */
class TlsTest {
    private static final String LP =
            "{\"problem\": {\"c\": [1, 2], \"A\": [[1, 1]], \"b\": [1], \"lb\": 0}}";
    private static final String PASSWORD = "changeit";

    @TempDir Path folder;

    /** A certificate of its own for these names, in tls.crt and tls.key. */
    private X509Certificate install(String name, String altNames) throws Exception {
        Path store = folder.resolve(name + ".p12");
        Process keytool =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "keytool")
                                        .toString(),
                                "-genkeypair",
                                "-alias",
                                "argmind",
                                "-keyalg",
                                "EC",
                                "-validity",
                                "2",
                                "-dname",
                                "CN=" + name,
                                "-ext",
                                "san=" + altNames,
                                "-storetype",
                                "PKCS12",
                                "-storepass",
                                PASSWORD,
                                "-keystore",
                                store.toString())
                        .redirectErrorStream(true)
                        .start();
        String said = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(keytool.waitFor()).as(said).isZero();
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, PASSWORD.toCharArray());
        }
        X509Certificate certificate = (X509Certificate) keys.getCertificate("argmind");
        replace(
                "tls.key",
                pem("PRIVATE KEY", keys.getKey("argmind", PASSWORD.toCharArray()).getEncoded()));
        replace("tls.crt", pem("CERTIFICATE", certificate.getEncoded()));
        return certificate;
    }

    private void replace(String name, String content) throws IOException {
        Path next = folder.resolve(name + ".next");
        Files.writeString(next, content);
        Files.move(next, folder.resolve(name), StandardCopyOption.REPLACE_EXISTING);
    }

    private static String pem(String what, byte[] content) {
        String lines = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content);
        return "-----BEGIN " + what + "-----\n" + lines + "\n-----END " + what + "-----\n";
    }

    /** Trusts these alone; names are checked, as they always are. */
    private static HttpClient trusting(HttpClient.Version version, X509Certificate... all)
            throws GeneralSecurityException, IOException {
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        for (int k = 0; k < all.length; k++) {
            trusted.setCertificateEntry("c" + k, all[k]);
        }
        TrustManagerFactory managers =
                TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        managers.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, managers.getTrustManagers(), null);
        return HttpClient.newBuilder().version(version).sslContext(context).build();
    }

    private static HttpResponse<String> solve(HttpClient client, int port)
            throws IOException, InterruptedException {
        HttpRequest request =
                HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + port + "/solve"))
                        .header("Content-Type", Http.JSON)
                        .POST(BodyPublishers.ofString(LP))
                        .build();
        return client.send(request, BodyHandlers.ofString());
    }

    private static BigInteger served(X509Certificate[] trusted, int port) {
        try (HttpClient client = trusting(HttpClient.Version.HTTP_1_1, trusted)) {
            X509Certificate shown =
                    (X509Certificate)
                            solve(client, port).sslSession().orElseThrow().getPeerCertificates()[0];
            return shown.getSerialNumber();
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Test
    void bothVersionsOfHttpAndANewCertificateWithoutARestart() throws Exception {
        X509Certificate first = install("first", "ip:127.0.0.1,dns:localhost");
        try (Service service =
                Service.start(
                        "--argmind.solver.threads=2",
                        "--server.ssl.bundle=argmind",
                        "--spring.ssl.bundle.pem.argmind.keystore.certificate="
                                + folder.resolve("tls.crt"),
                        "--spring.ssl.bundle.pem.argmind.keystore.private-key="
                                + folder.resolve("tls.key"),
                        "--spring.ssl.bundle.pem.argmind.reload-on-update=true",
                        "--spring.ssl.bundle.watch.file.quiet-period=100ms")) {
            int port = service.port();
            for (HttpClient.Version version : HttpClient.Version.values()) {
                if (version == HttpClient.Version.HTTP_1_1
                        || version == HttpClient.Version.HTTP_2) {
                    try (HttpClient client = trusting(version, first)) {
                        HttpResponse<String> answer = solve(client, port);
                        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
                        assertThat(answer.version()).isEqualTo(version);
                        assertThat(answer.headers().firstValue("Strict-Transport-Security"))
                                .isPresent();
                    }
                }
            }
            X509Certificate second = install("second", "ip:127.0.0.1,dns:localhost");
            X509Certificate[] both = {first, second};
            OverloadTest.await(() -> served(both, port).equals(second.getSerialNumber()));
            try (HttpClient old = trusting(HttpClient.Version.HTTP_2, first)) {
                assertThatThrownBy(() -> solve(old, port)).isInstanceOf(SSLException.class);
            }
        }
    }
}

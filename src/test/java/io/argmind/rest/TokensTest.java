package io.argmind.rest;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpServer;
import io.argmind.rest.Http.Reply;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Date;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** With tokens: a provider of this test's own signs them. */
class TokensTest {
    private static final String LP = "{'problem': {'c': [1, 2], 'A': [[1, 1]], 'b': [1], 'lb': 0}}";
    private static final String ISSUER = "https://provider.example";
    private static RSAKey key;
    private static HttpServer provider;
    private static Service service;
    private static Http http;

    @BeforeAll
    static void start() throws JOSEException, IOException {
        key = new RSAKeyGenerator(2048).keyID("one").generate();
        provider = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        provider.createContext(
                "/keys",
                exchange -> {
                    byte[] set =
                            new JWKSet(key.toPublicJWK())
                                    .toString()
                                    .getBytes(StandardCharsets.UTF_8);
                    exchange.sendResponseHeaders(200, set.length);
                    exchange.getResponseBody().write(set);
                    exchange.close();
                });
        provider.start();
        service = start(provider.getAddress().getPort());
        http = service.http();
    }

    private static Service start(int port) {
        return Service.start(
                "--argmind.solver.threads=2",
                "--argmind.security.mode=jwt",
                "--argmind.security.jwt.issuer=" + ISSUER,
                "--argmind.security.jwt.jwk-set-uri=http://127.0.0.1:" + port + "/keys",
                "--argmind.security.jwt.audience=argmind",
                "--argmind.security.jwt.tenant-claim=team");
    }

    @AfterAll
    static void stop() {
        service.close();
        provider.stop(0);
    }

    private static JWTClaimsSet.Builder claims() {
        return new JWTClaimsSet.Builder()
                .issuer(ISSUER)
                .audience("argmind")
                .subject("somebody")
                .claim("team", "red")
                .expirationTime(Date.from(Instant.now().plusSeconds(600)));
    }

    private static String signed(JWTClaimsSet.Builder claims, RSAKey by) {
        try {
            JWSHeader header = new JWSHeader.Builder(JWSAlgorithm.RS256).keyID("one").build();
            SignedJWT jwt = new SignedJWT(header, claims.build());
            jwt.sign(new RSASSASigner(by));
            return jwt.serialize();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Reply solve(Http http, String token) {
        return http.send(http.posting("/solve", LP).header("Authorization", "Bearer " + token));
    }

    private static String refusal(String token) {
        Reply reply = solve(http, token);
        Refusals.require(reply, ErrorCode.UNAUTHENTICATED, "POST", "/solve");
        assertThat(reply.header("WWW-Authenticate")).contains("error=\"invalid_token\"");
        return reply.json().path("detail").asString();
    }

    @Test
    void aGoodTokenIsServed() {
        Reply reply = solve(http, signed(claims(), key));
        assertThat(reply.status()).as(reply.text()).isEqualTo(200);
        String backward =
                "{'solve': {'id': " + reply.json().path("id") + "}, 'gradient': {'x': [1, 0]}}";
        assertThat(
                        http.send(
                                        http.posting("/lpgd-backward", backward)
                                                .header(
                                                        "Authorization",
                                                        "Bearer "
                                                                + signed(
                                                                        claims().claim(
                                                                                        "team",
                                                                                        "blue"),
                                                                        key)))
                                .status())
                .as("another team's")
                .isEqualTo(410);
    }

    @Test
    void itsClaimsMustHold() {
        assertThat(refusal(signed(claims().audience("another"), key))).contains("aud");
        assertThat(refusal(signed(claims().issuer("https://another"), key))).contains("iss");
        Date past = Date.from(Instant.now().minusSeconds(600));
        assertThat(refusal(signed(claims().expirationTime(past), key))).contains("expired");
    }

    @Test
    void itsSignatureMustBeTheIssuers() throws JOSEException {
        RSAKey other = new RSAKeyGenerator(2048).keyID("one").generate();
        String expected = "this token cannot be read, or its signature is not of the issuer's keys";
        assertThat(refusal(signed(claims(), other))).isEqualTo(expected);
        assertThat(refusal(new PlainJWT(claims().build()).serialize())).isEqualTo(expected);
        SignedJWT secret = new SignedJWT(new JWSHeader(JWSAlgorithm.HS256), claims().build());
        secret.sign(new MACSigner(key.toPublicJWK().toString()));
        assertThat(refusal(secret.serialize())).isEqualTo(expected);
        assertThat(refusal("not.a.token")).isEqualTo(expected);
    }

    @Test
    void aTokenThatNamesNoTenantMayDoNothing() {
        for (Object team : new Object[] {"", "two words", 7}) {
            Reply reply = solve(http, signed(claims().claim("team", team), key));
            Refusals.require(reply, ErrorCode.FORBIDDEN, "POST", "/solve");
            assertThat(reply.json().path("detail").asString()).endsWith("in its claim team");
        }
    }

    /** The provider goes away: who is known stays known. One that never was there is said so. */
    @Test
    void anUnreachableProviderMattersToNobodyWhoseKeyIsKnown() throws IOException {
        HttpServer passing =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        byte[] set = new JWKSet(key.toPublicJWK()).toString().getBytes(StandardCharsets.UTF_8);
        passing.createContext(
                "/keys",
                exchange -> {
                    exchange.sendResponseHeaders(200, set.length);
                    exchange.getResponseBody().write(set);
                    exchange.close();
                });
        passing.start();
        try (Service other = start(passing.getAddress().getPort())) {
            assertThat(solve(other.http(), signed(claims(), key)).status()).isEqualTo(200);
            passing.stop(0);
            assertThat(solve(other.http(), signed(claims(), key)).status()).isEqualTo(200);
        }
        try (Service other = start(passing.getAddress().getPort())) {
            Reply reply = solve(other.http(), signed(claims(), key));
            Refusals.require(reply, ErrorCode.OVERLOADED, "POST", "/solve");
            assertThat(reply.header("Retry-After")).isEqualTo("5");
        }
    }
}

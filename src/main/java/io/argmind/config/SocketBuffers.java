package io.argmind.config;

import org.springframework.boot.tomcat.ConfigurableTomcatWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.stereotype.Component;

/**
 * Bodies are megabytes here. Tomcat moves them between socket and application in pieces of 8 KB
 * unless it is told otherwise, each with a system call of its own and often a wait.
 */
@Component
final class SocketBuffers
        implements WebServerFactoryCustomizer<ConfigurableTomcatWebServerFactory> {
    private static final String BYTES = Integer.toString(1 << 17);

    @Override
    public void customize(ConfigurableTomcatWebServerFactory factory) {
        factory.addConnectorCustomizers(connector -> {
            connector.setProperty("socket.appReadBufSize", BYTES);
            connector.setProperty("socket.appWriteBufSize", BYTES);
        });
    }
}

package io.argmind.faults;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Passes connections on to a service, and does to each of them what a fault says. */
final class FaultProxy implements AutoCloseable {
    private final ServerSocket door;
    private final int target;
    private final Fault fault;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();

    FaultProxy(int target, Fault fault) throws IOException {
        this.door = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        this.target = target;
        this.fault = fault;
        Thread.ofVirtual().start(this::accept);
    }

    int port() {
        return door.getLocalPort();
    }

    private void accept() {
        try {
            while (true) {
                Socket client = door.accept();
                Socket service = new Socket(InetAddress.getLoopbackAddress(), target);
                open.add(client);
                open.add(service);
                Thread.ofVirtual().start(() -> pump(client, service, fault.inRequest()));
                Thread.ofVirtual().start(() -> pump(service, client, !fault.inRequest()));
            }
        } catch (IOException e) {
            // it has been closed
        }
    }

    private void pump(Socket from, Socket to, boolean faulty) {
        byte[] block = new byte[4096];
        long passed = 0;
        try {
            int count = from.getInputStream().read(block);
            boolean alive = true;
            while (count >= 0) {
                if (alive && faulty) {
                    alive = fault.pass(block, count, passed, from, to);
                } else if (alive) {
                    to.getOutputStream().write(block, 0, count);
                }
                passed += count;
                count = from.getInputStream().read(block);
            }
            to.shutdownOutput();
        } catch (IOException e) {
            closeQuietly(from);
            closeQuietly(to);
        }
    }

    private static void closeQuietly(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // then it is closed
        }
    }

    @Override
    public void close() throws IOException {
        door.close();
        open.forEach(FaultProxy::closeQuietly);
    }
}

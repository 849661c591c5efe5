package io.argmind.faults;

import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.util.Random;

/**
 * What happens to one direction of a connection.
 *
 * @param inRequest whether to what the client sends; else to what it receives
 * @param at the byte from which on it happens
 */
record Fault(Kind kind, boolean inRequest, int at) {
    private static final int DRIPS = 40;
    private static final int GARBAGE = 64;

    enum Kind {
        /** Every block comes late. */
        LATENCY,
        /** Both sides are told that it ended. */
        CUT,
        /** Both sides are told that it broke. */
        RESET,
        /** The receiver is told that nothing more comes; the other direction goes on. */
        HALF_CLOSE,
        /** Some bytes come one by one. */
        DRIP,
        /** One bit is another. */
        FLIP,
        /** Bytes come that nobody sent. */
        GARBAGE
    }

    /**
     * Passes a block on, or what becomes of it.
     *
     * @param start how many bytes came before it
     * @return whether the connection still lives
     */
    boolean pass(byte[] block, int count, long start, Socket from, Socket to) throws IOException {
        OutputStream out = to.getOutputStream();
        int offset = Math.clamp(at - start, -1, count);
        if (kind == Kind.LATENCY) {
            pause(50);
        }
        if (offset < 0 || offset == count || kind == Kind.LATENCY) {
            out.write(block, 0, count);
            return true;
        }
        if (kind == Kind.FLIP) {
            block[offset] ^= (byte) (1 << (at % 8));
            out.write(block, 0, count);
            return true;
        }
        out.write(block, 0, offset);
        return switch (kind) {
            case CUT -> end(from, to, false);
            case RESET -> end(from, to, true);
            case HALF_CLOSE -> {
                to.shutdownOutput();
                yield false;
            }
            default -> {
                int rest = offset;
                if (kind == Kind.GARBAGE) {
                    byte[] garbage = new byte[GARBAGE];
                    new Random(at).nextBytes(garbage);
                    out.write(garbage);
                } else {
                    rest = Math.min(count, offset + DRIPS);
                    drip(out, block, offset, rest);
                }
                out.write(block, rest, count - rest);
                yield true;
            }
        };
    }

    private static boolean end(Socket from, Socket to, boolean reset) throws IOException {
        for (Socket socket : new Socket[] {from, to}) {
            if (reset) {
                socket.setSoLinger(true, 0);
            }
            socket.close();
        }
        return false;
    }

    private static void drip(OutputStream out, byte[] block, int from, int to) throws IOException {
        for (int k = from; k < to; k++) {
            out.write(block, k, 1);
            pause(10);
        }
    }

    private static void pause(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

package io.argmind.solver.worker;

import java.io.DataOutputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One process, seen from its parent. Questions and answers go over a socket, one at a time;
 * cancellations over its standard input, whose end also tells it that its parent is gone. What
 * native code prints goes to its standard output and disturbs neither.
 *
 * <p>Used by one thread at a time; {@link #cancel}, {@link #remind}, {@link #isOverdue} and {@link
 * #kill} by any.
 */
final class Worker {
    /** How long after its deadline, or after it was cancelled, a solve may take to end. */
    static final long GRACE_NANOS = 2_000_000_000L;

    private static final Logger LOG = LoggerFactory.getLogger(Worker.class);

    /** The same for its first question, for which it has to load classes and libraries. */
    private static final long FIRST_GRACE_NANOS = 10_000_000_000L;

    private static final long START_SECONDS = 60;
    private static final long IDLE = Long.MAX_VALUE;

    private final Process process;
    private final DataOutputStream control;
    private final LastWords lastWords;
    private final SocketChannel channel;
    private final WireOutput out;
    private final WireInput in;
    private int sessions;
    private long asked;
    private long running; // guarded by this, as the three below
    private boolean cancelled; // what runs, or is about to
    private long endAt = IDLE;
    private boolean overdue;

    private Worker(Process process, LastWords lastWords, ServerSocketChannel server)
            throws IOException {
        this.process = process;
        this.control = new DataOutputStream(process.getOutputStream());
        this.lastWords = lastWords;
        this.channel = server.accept();
        this.out = new WireOutput(channel);
        this.in = new WireInput(channel);
        in.expect(Wire.MARK);
    }

    /** What is sent. */
    interface Question {
        void write(WireOutput out) throws IOException;
    }

    /** What comes back. */
    interface Answer<T> {
        T read(WireInput in) throws IOException;
    }

    /**
     * Starts a process and waits until it is ready to be asked. When it ends, whatever it left in
     * its own temporary directory goes too.
     *
     * @throws WorkerLostException if it does not get ready
     */
    static Worker start(WorkerCommand command) throws WorkerLostException {
        Process process = null;
        LastWords words = null;
        try {
            Path scratch = Files.createTempDirectory("argmind-worker");
            Path socket = scratch.resolve("socket");
            try (ServerSocketChannel server =
                    ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
                server.bind(UnixDomainSocketAddress.of(socket));
                process = command.in(scratch, socket).start();
                words = LastWords.of(process);
                var _ = process.onExit().thenRun(() -> close(server));
                CompletableFuture.delayedExecutor(START_SECONDS, TimeUnit.SECONDS)
                        .execute(() -> close(server));
                Worker worker = new Worker(process, words, server);
                Files.delete(socket);
                return worker;
            } finally {
                if (process == null) {
                    delete(scratch);
                } else {
                    var _ = process.onExit().thenRun(() -> delete(scratch));
                }
            }
        } catch (IOException e) {
            if (process != null) {
                process.destroyForcibly();
            }
            String said = words == null ? "" : words.text();
            LOG.error("a process for native solvers could not be started; it said '{}'", said, e);
            throw new WorkerLostException("the solver's process could not be started", false);
        }
    }

    private static void close(ServerSocketChannel server) {
        try {
            server.close();
        } catch (IOException e) {
            LOG.debug("a socket could not be closed", e);
        }
    }

    private static void delete(Path directory) {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            LOG.warn("{} could not be deleted", directory, e);
        }
    }

    /** A number for a session that nobody had before. */
    int newSession() {
        return ++sessions;
    }

    boolean isAlive() {
        return process.isAlive();
    }

    long pid() {
        return process.pid();
    }

    /**
     * Tells it something that is not answered.
     *
     * @param now whether to send it at once, instead of with what comes next
     */
    void tell(Question question, boolean now) throws IOException {
        out.writeInt(Wire.MARK);
        question.write(out);
        if (now) {
            out.flush();
        }
    }

    /**
     * Asks and waits.
     *
     * @param deadlineNanos when it should have answered; some time later it is ended
     * @throws WorkerLostException if it ended, said what cannot be, or was ended
     * @throws IllegalStateException if the solver threw something
     */
    <T> T ask(Verb verb, int session, long deadlineNanos, Question question, Answer<T> answer)
            throws WorkerLostException {
        long number = ++asked;
        begin(number, deadlineNanos);
        try {
            tell(
                    o -> {
                        o.writeEnum(verb);
                        o.writeInt(session);
                        o.writeLong(number);
                        question.write(o);
                    },
                    true);
            in.expect(Wire.MARK);
            if (in.readLong() != number) {
                throw new GarbledException("an answer to another question");
            }
            boolean answered = in.readBoolean();
            T result = answered ? answer.read(in) : null;
            String failure = answered ? null : in.readText();
            in.expect(Wire.END);
            if (result == null) {
                throw new IllegalStateException("in the solver's process: " + failure);
            }
            return result;
        } catch (IOException e) {
            throw lost(e);
        } finally {
            end();
        }
    }

    private WorkerLostException lost(IOException e) {
        kill();
        boolean stuck = wasOverdue();
        String cause =
                stuck
                        ? "it worked on past its time and was ended"
                        : e instanceof GarbledException ? "it answered nonsense" : end(e);
        return new WorkerLostException(cause, stuck);
    }

    /** How it ended. */
    private String end(IOException e) {
        try {
            if (process.waitFor(1, TimeUnit.SECONDS)) {
                String crash = lastWords.crash();
                return "exit code " + process.exitValue() + (crash.isEmpty() ? "" : ", " + crash);
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        return String.valueOf(e.getMessage());
    }

    private synchronized void begin(long number, long deadlineNanos) {
        running = number;
        endAt = deadlineNanos + grace();
        if (cancelled) {
            cancel();
        }
    }

    private synchronized void end() {
        running = 0;
        endAt = IDLE;
    }

    /** What was cancelled is over, and the next question is another one. */
    synchronized void forget() {
        cancelled = false;
    }

    private synchronized boolean wasOverdue() {
        return overdue;
    }

    /**
     * Asks it to stop what runs now, or is about to; where that does not help, it is ended after a
     * while.
     */
    synchronized void cancel() {
        cancelled = true;
        if (running == 0) {
            return;
        }
        endAt = earlier(endAt, System.nanoTime() + grace());
        tellToStop();
    }

    private void tellToStop() {
        try {
            control.writeLong(running);
            control.flush();
        } catch (IOException e) {
            LOG.debug("a process ended before it could be told to stop", e);
        }
    }

    private long grace() {
        return running == 1 ? FIRST_GRACE_NANOS : GRACE_NANOS;
    }

    private static long earlier(long a, long b) {
        return a - b < 0 ? a : b;
    }

    /** Repeats a cancellation, which may have come before the solve that it is for. */
    synchronized void remind() {
        if (cancelled && running != 0) {
            tellToStop();
        }
    }

    /** Whether it works on past its time, said once; it is to be killed then. */
    synchronized boolean isOverdue() {
        if (endAt == IDLE || overdue || endAt - System.nanoTime() > 0) {
            return false;
        }
        overdue = true;
        return true;
    }

    /** Ends it, whatever it does. */
    void kill() {
        process.destroyForcibly();
        try {
            channel.close();
        } catch (IOException e) {
            LOG.debug("a socket could not be closed", e);
        }
    }
}

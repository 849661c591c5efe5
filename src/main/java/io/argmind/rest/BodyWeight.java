package io.argmind.rest;

import io.argmind.dispatch.Admission;
import io.argmind.tensor.Weight;

/** Has a request hold what its body takes: all of it while it is read, then its values alone. */
final class BodyWeight implements Weight {
    private final Admission.Ticket ticket;
    private final long bodyBytes;
    private final long expected;
    private long values;

    /**
     * @param bodyBytes of the body, if it is in memory as a whole
     */
    BodyWeight(Admission.Ticket ticket, long bodyBytes) {
        this.ticket = ticket;
        this.bodyBytes = bodyBytes;
        this.expected = ticket.held();
    }

    @Override
    public void is(long bytes) {
        values = bytes;
        ticket.hold(Math.max(expected, bodyBytes + bytes));
    }

    /** The body has been read. */
    void settle() {
        ticket.hold(values);
    }
}

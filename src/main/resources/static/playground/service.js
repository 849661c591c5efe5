// Talks to the service this page came from.

const PATIENCE = 15; // seconds

let key = ""; // of this page alone: not kept, not in the address, sent to this service only

/** Says who asks from now on; for services that want to know. */
export function useKey(text) {
    key = text.trim();
}

/** The service said no: its status and its reason. */
export class Refusal extends Error {
    constructor(status, detail) {
        super(detail);
        this.status = status;
    }
}

export async function post(path, body, signal) {
    const response = await fetch(path, {
        method: "POST",
        headers: {
            "Content-Type": "application/json", "Accept": "application/json", "X-Server-Timeout": String(PATIENCE),
            ...(key && {Authorization: `Bearer ${key}`})
        },
        body: JSON.stringify(body),
        signal: AbortSignal.any([signal, AbortSignal.timeout(1000 * PATIENCE + 2000)])
    });
    const document = await response.json().catch(() => ({}));
    if (!response.ok) {
        throw new Refusal(response.status, document.detail ?? document.title ?? response.statusText);
    }
    return document;
}

/**
 * Works on the newest wish only. Wishes that come too fast are skipped, at most two are worked on at the same time (so
 * that a slow one holds nobody up), and an outcome is shown only if it belongs to a newer wish than what is shown.
 */
export class Newest {
    #work;
    #show;
    #pause;
    #asked = 0;
    #shown = 0;
    #waiting = null;
    #timer = null;
    #running = new Map();

    /** work(wish, signal) promises an answer; show(wish, answer, error) gets either. */
    constructor(work, show, pause = 40) {
        this.#work = work;
        this.#show = show;
        this.#pause = pause;
    }

    /** Whether what was asked last is also what is shown. */
    get settled() {
        return this.#shown === this.#asked;
    }

    ask(wish) {
        this.#waiting = {wish, serial: ++this.#asked};
        this.#plan();
    }

    #plan() {
        if (this.#timer === null && this.#waiting !== null && this.#running.size < 2) {
            this.#timer = setTimeout(() => {
                this.#timer = null;
                this.#start();
            }, this.#pause);
        }
    }

    async #start() {
        const {wish, serial} = this.#waiting;
        this.#waiting = null;
        const stop = new AbortController();
        this.#running.set(serial, stop);
        const [answer, error] = await this.#work(wish, stop.signal).then(a => [a, null], e => [null, e]);
        this.#running.delete(serial);
        if (serial > this.#shown) {
            this.#shown = serial;
            this.#running.forEach((older, number) => number < serial && older.abort());
            this.#show(wish, answer, error);
        }
        this.#plan();
    }
}

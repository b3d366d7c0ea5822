// Messages that the server has not taken yet. Kept in the browser until then; sent in order, each always with the same id.

import { alone, newId } from "./browser-memory.js";
import { Refusal } from "./connection.js";

const LONGEST_WAIT = 30_000;

/**
 * `deliver(entry)` sends one and returns `{seq}`, or throws Unreachable or Refusal.
 * `listener` gets `changed()` and `refused(entry, refusal)` when the server will never take it.
 */
export class Outbox {
  #memory;
  #deliver;
  #listener;
  #retry;
  #states = new Map(); // id → {state: "sending" | "failed" | "waiting", until?, progress?}; not kept, each tab has its own view
  #running = false;
  #again = false;
  #told = false; // the server said how long to wait
  #wake = () => {};
  #last = 0;

  constructor(memory, retry, deliver, listener) {
    this.#memory = memory;
    this.#retry = retry;
    this.#deliver = deliver;
    this.#listener = listener;
  }

  /** All entries in the order of writing, the acknowledged ones (with `seq`) still among them until they are seen in the log. */
  entries() {
    return this.#memory.names("unsent:").map((name) => this.#memory.get(name)).filter(Boolean);
  }

  stateOf(id) {
    return this.#states.get(id) ?? { state: "sending" };
  }

  /** Keeps a message and begins to send. `entry`: `{text, payload?, photoName?, id?}`. Returns it with `id` and `at`. */
  add(entry) {
    this.#last = Math.max(Date.now(), this.#last + 1);
    const kept = { id: newId(), at: new Date().toISOString(), order: String(this.#last).padStart(15, "0"), ...entry };
    this.#memory.set(nameOf(kept), kept);
    this.#listener.changed();
    this.flush();
    return kept;
  }

  update(entry) {
    this.#memory.set(nameOf(entry), entry);
  }

  /** The message is in the log, or will never be. */
  remove(entry) {
    this.#memory.remove(nameOf(entry));
    this.#states.delete(entry.id);
  }

  note(id, state) {
    this.#states.set(id, state);
    this.#listener.changed();
  }

  /** Sends what waits, from the oldest on; when the server can't be reached, tries again and again. */
  async flush() {
    if (this.#running) {
      this.#again = true;
      if (!this.#told) this.#wake();
      return;
    }
    this.#running = true;
    let failures = 0;
    try {
      while (this.#next() || this.#again) {
        this.#again = false;
        const wait = await alone("savoir-chat-send", () => this.#sendAll());
        if (!wait) {
          failures = 0;
          continue;
        }
        failures += 1;
        this.#told = wait !== true;
        // the lock is free while we wait, so that another tab, perhaps a livelier one, can go on
        await this.#pause(wait === true ? Math.min(this.#retry * 2 ** failures, LONGEST_WAIT) * (0.5 + Math.random()) : wait);
      }
    } finally {
      this.#running = false;
    }
  }

  #next() {
    return this.entries().find((entry) => entry.seq === undefined);
  }

  /** Returns nothing when all is sent, true when the server can't be reached, or the milliseconds that it told us to wait. */
  async #sendAll() {
    for (let entry = this.#next(); entry; entry = this.#next()) {
      this.note(entry.id, { state: "sending" });
      try {
        const { seq } = await this.#deliver(entry);
        this.#states.delete(entry.id);
        if (this.#memory.get(nameOf(entry))) this.update({ ...entry, seq });
        this.#listener.changed();
      } catch (problem) {
        if (!(problem instanceof Refusal)) {
          this.note(entry.id, { state: "failed" });
          return true;
        }
        if (problem.status === 429) {
          const wait = (problem.retryAfter ?? 15) * 1000;
          this.note(entry.id, { state: "waiting", until: Date.now() + wait });
          return wait;
        }
        this.remove(entry);
        this.#listener.refused(entry, problem);
      }
    }
    return undefined;
  }

  #pause(milliseconds) {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, milliseconds);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}

function nameOf(entry) {
  return `unsent:${entry.order}:${entry.id}`;
}

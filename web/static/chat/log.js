// The messages of one conversation, as the server numbered them, together with those that are not there yet.

/** Messages by `seq`. */
export class Log {
  #messages = new Map();
  #own = new Set(); // ids of the customer's messages

  /** Adds or replaces. */
  take(messages) {
    for (const message of messages) {
      this.#messages.set(message.seq, message);
      if (message.id) this.#own.add(message.id);
    }
  }

  clear() {
    this.#messages.clear();
    this.#own.clear();
  }

  /** Whether the customer's message with that id has arrived. */
  holds(id) {
    return this.#own.has(id);
  }

  /** The place of the newest message of one of these authors (of anybody where none is named); 0 if there is none. */
  lastSeq(...authors) {
    let last = 0;
    for (const { seq, author } of this.#messages.values()) if (seq > last && (!authors.length || authors.includes(author))) last = seq;
    return last;
  }

  get last() {
    return this.#messages.get(this.lastSeq());
  }

  /** Whether a message with a card of that kind came after all that the customer said; a change of language says nothing. */
  endsWithCard(kind) {
    let [card, said] = [0, 0];
    for (const { seq, id, cards } of this.#messages.values()) {
      if (cards?.some((one) => one?.kind === kind)) card = Math.max(card, seq);
      if (id && !id.startsWith("language-")) said = Math.max(said, seq);
    }
    return card > said;
  }

  get agentName() {
    return this.#messages.get(this.lastSeq("agent"))?.name ?? null;
  }

  /** How many answers came after `seq`. */
  answersAfter(seq) {
    let count = 0;
    for (const message of this.#messages.values()) if (message.seq > seq && (message.author === "assistant" || message.author === "agent")) count += 1;
    return count;
  }

  /**
   * Everything in the order to be shown: the server's fields, and `key`, `status` of the customer's own, `isLastOwn`,
   * `isOpen` (its buttons can be pressed) and `chosen` (the one that was). `owner` is who has the conversation: under the assistant the
   * newest buttons are open; in the queue those of the queue's own notice, whatever the customer added, until one of them was pressed.
   */
  items(unsent, stateOf, owner) {
    const items = [...this.#messages.values()].map((message) => ({
      ...message, key: message.id ? `own:${message.id}` : `seq:${message.seq}`, status: message.author === "customer" ? "sent" : null,
    }));
    for (const { id, seq, text, at, photoName } of unsent) {
      if (this.holds(id)) continue;
      const { state, until, progress } = seq === undefined ? stateOf(id) : { state: "sent" };
      items.push({ seq: seq ?? Infinity, id, key: `own:${id}`, author: "customer", text, at, photoName, status: state, until, progress });
    }
    items.sort((a, b) => (a.seq === b.seq ? 0 : a.seq - b.seq)); // the unsent stay in the order of writing
    let next = null; // the customer's message after the one looked at
    let isNoticeSeen = false;
    const later = new Set(); // what the customer said after the one looked at
    for (const item of items.reverse()) {
      item.isLastOwn = item.author === "customer" && next === null;
      const isNotice = item.author === "system" && Boolean(item.buttons?.length);
      const isUnpressed = isNotice && !isNoticeSeen && !item.buttons.some(({ title }) => later.has(title));
      item.isOpen = owner === "waiting" ? isUnpressed : next === null && owner === "bot";
      item.chosen = next?.text;
      isNoticeSeen ||= isNotice;
      if (item.author === "customer") {
        next = item;
        later.add(item.text);
      }
    }
    return items.reverse();
  }
}

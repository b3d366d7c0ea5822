// One customer's conversation as this tab knows it: the log, who has it, what is unsent, the language. No DOM; says `change` and `trouble`.

import { alone, BrowserMemory, newId } from "./browser-memory.js";
import { Connection, Refusal, Unreachable } from "./connection.js";
import { Log } from "./log.js";
import { Outbox } from "./outbox.js";
import { dropPhoto, keepPhoto, keptPhoto } from "./photo.js";

const ASSISTANT_TYPING = 30_000;
const AGENT_TYPING = 8_000;
const QUEUE_REFRESH = 20_000;
const LANGUAGES = ["fr", "en"];

/** Events: `change`; `trouble` with `detail: {code, limit?, text?}` when something was refused and the customer must know. */
export class Session extends EventTarget {
  language;
  state = { state: "none" };
  line = "live";
  notice = null; // "expired" after a conversation had to be given up
  isCaughtUp = false;
  #log = new Log();
  #typing = new Map(); // author → timer
  #conversation = null;
  #scheduled = false;
  #ends = [];

  constructor({ server, language, timings }) {
    super();
    this.memory = new BrowserMemory(server);
    const remembered = this.memory.get("language");
    this.language = LANGUAGES.includes(remembered) ? remembered : language;
    this.connection = new Connection(server, timings, {
      messages: (messages) => this.#takeMessages(messages),
      state: (state) => this.#takeState(state),
      typing: (author, on) => this.#takeTyping(author, on),
      line: (line) => {
        this.line = line;
        this.#changed();
      },
      gone: () => this.#giveUp(),
    });
    this.outbox = new Outbox(this.memory, timings.retry, (entry) => this.#deliver(entry), {
      changed: () => this.#changed(),
      refused: (entry, refusal) => this.#refused(entry, refusal),
    });
  }

  /** Takes up what the browser remembers, and listens to other tabs and to the network. */
  begin() {
    const back = () => this.hurry();
    const seen = () => document.visibilityState === "visible" && back();
    const queue = setInterval(() => {
      if (this.state.state === "waiting" && document.visibilityState === "visible") this.connection.refresh();
    }, QUEUE_REFRESH);
    addEventListener("online", back);
    addEventListener("pageshow", back);
    document.addEventListener("visibilitychange", seen);
    this.#ends = [
      this.memory.watch((name) => this.#otherTab(name)),
      () => clearInterval(queue),
      () => removeEventListener("online", back),
      () => removeEventListener("pageshow", back),
      () => document.removeEventListener("visibilitychange", seen),
    ];
    this.#adopt();
    this.outbox.flush();
  }

  /** Tries again at once whatever waits for the network. */
  hurry() {
    this.connection.hurry();
    this.outbox.flush();
  }

  /** Ends connections and listeners. */
  end() {
    for (const end of this.#ends) end();
    this.connection.stop();
  }

  get hasConversation() {
    return this.#conversation !== null;
  }

  /** The author who is writing now, if any. */
  get typing() {
    return [...this.#typing.keys()].pop() ?? null;
  }

  get agentName() {
    return this.#log.agentName;
  }

  /** How many answers came since the customer last looked. */
  get unread() {
    const seen = this.memory.get("seen");
    const from = seen?.conversation === this.#conversation?.conversation ? (seen?.seq ?? 0) : 0;
    return this.#log.answersAfter(from);
  }

  /** The customer sees everything now. */
  markSeen() {
    if (!this.#conversation || !this.unread) return;
    this.memory.set("seen", { conversation: this.#conversation.conversation, seq: this.#log.lastSeq() });
    this.#changed();
  }

  /** Whether to ask now how it went: once a conversation, when it is resolved and may be rated, or when the newest answers say so. */
  get asksForRating() {
    if (!this.#conversation || this.memory.get("rated")?.conversation === this.#conversation.conversation) return false;
    const isResolved = this.state.state === "resolved" && Boolean(this.state.rating);
    return isResolved || this.#log.endsWithCard("rating");
  }

  /** How many messages the customer has written, sent or not. */
  get spoken() {
    return this.items().filter(({ author }) => author === "customer").length;
  }

  /** Log and unsent messages in the order to be shown (Log.items). */
  items() {
    return this.#log.items(this.outbox.entries(), (id) => this.outbox.stateOf(id), this.state.state);
  }

  photoAddress(attachment) {
    return this.#conversation && this.connection.photoAddress(this.#conversation, attachment);
  }

  say(text) {
    this.#goOn();
    return this.outbox.add({ text });
  }

  press({ title, payload }) {
    this.#goOn();
    return this.outbox.add({ text: title, payload });
  }

  async sendPhoto(photo, photoName, text) {
    const id = newId();
    await keepPhoto(id, photo);
    this.#goOn();
    return this.outbox.add({ id, text, photoName: photoName || "photo.jpg" });
  }

  /** Speaks another language from now on, and tells the assistant where there is a conversation to tell it in. */
  switchLanguage(language) {
    if (language === this.language) return;
    this.#setLanguage(language);
    if (this.#conversation && this.state.state !== "resolved") {
      const payload = `/switch_language{"language":"${language}"}`;
      this.outbox.add({ id: `language-${language}-${newId()}`, text: language === "fr" ? "Français" : "English", payload });
    }
  }

  /** Asks for a person; begins a conversation where there is none. */
  async askForPerson() {
    try {
      const conversation = await this.#conversationToUse();
      this.#takeState(await this.connection.handOver(conversation));
      return true;
    } catch (problem) {
      if (problem instanceof Refusal && problem.isGone) {
        this.#giveUp();
        return this.askForPerson();
      }
      this.#trouble(problem instanceof Unreachable ? { code: "unreachable" } : { code: problem.code });
      return false;
    }
  }

  /** Sends the rating, or with null notes that the customer would rather not. True when it is done. */
  async rate(rating) {
    if (rating) {
      try {
        await this.connection.rate(this.#conversation, rating);
      } catch (problem) {
        this.#trouble({ code: problem.code ?? "unreachable" });
        return false;
      }
    }
    this.memory.set("rated", { conversation: this.#conversation.conversation });
    this.#changed();
    return true;
  }

  /** The customer writes on: an earlier trouble is past, and who leaves the rating unanswered is not asked again. */
  #goOn() {
    this.notice = null;
    if (this.asksForRating) this.memory.set("rated", { conversation: this.#conversation.conversation });
  }

  async #deliver(entry) {
    const conversation = await this.#conversationToUse();
    try {
      return await this.#post(conversation, entry);
    } catch (problem) {
      if (!(problem instanceof Refusal) || !problem.isGone) throw problem;
      this.#giveUp();
      if (entry.id.startsWith("language-")) throw problem; // the new conversation begins in that language anyway
      return this.#post(await this.#conversationToUse(), { ...entry, payload: undefined });
    }
  }

  async #post(conversation, entry) {
    let sent;
    const photo = entry.photoName ? await keptPhoto(entry.id) : null;
    if (entry.photoName && !photo && !entry.text) throw new Refusal(422, { type: "photo-missing" }); // the browser cleared it away
    if (photo) {
      sent = await this.connection.sendPhoto(conversation, entry, photo, (part) => this.outbox.note(entry.id, { state: "sending", progress: part }));
    } else {
      sent = await this.connection.send(conversation, entry);
    }
    if (this.line === "lost") this.connection.hurry(); // the network is back
    if (this.state.state === "bot" && !this.#log.answersAfter(sent.seq)) this.#takeTyping("assistant", true);
    return sent;
  }

  async #conversationToUse() {
    if (this.#conversation) return this.#conversation;
    await alone("savoir-chat-start", async () => {
      if (this.memory.get("conversation")) return; // another tab was quicker
      const { conversation, token } = await this.connection.start(this.language);
      this.memory.set("spoken", this.language);
      this.memory.set("conversation", { conversation, token });
    });
    this.#adopt();
    return this.#conversation;
  }

  /** Makes the browser's remembered conversation this tab's. */
  #adopt() {
    const remembered = this.memory.get("conversation");
    if (remembered?.conversation === this.#conversation?.conversation) return;
    this.connection.stop();
    this.#log.clear();
    this.#quiet();
    this.#conversation = remembered;
    this.state = { state: remembered ? "bot" : "none" };
    this.isCaughtUp = false;
    if (remembered) this.connection.follow(remembered, 0);
    this.#changed();
  }

  /** The conversation is no more; what is unsent goes into the next. */
  #giveUp() {
    // another tab may have begun the next one already
    if (this.memory.get("conversation")?.conversation === this.#conversation?.conversation) this.memory.remove("conversation");
    for (const entry of this.outbox.entries()) {
      if (entry.seq !== undefined || entry.id.startsWith("language-")) this.#drop(entry);
      else if (entry.payload) this.outbox.update({ ...entry, payload: undefined }); // that button was never offered in the next one
    }
    this.#adopt();
    this.notice = "expired";
    this.#changed();
  }

  #refused(entry, refusal) {
    if (entry.photoName) dropPhoto(entry.id);
    if (!entry.id.startsWith("language-")) {
      this.#trouble({ code: refusal.code, limit: refusal.limit, text: entry.payload ? "" : entry.text });
    }
    this.#changed();
  }

  #takeMessages(messages) {
    this.#log.take(messages);
    for (const { author } of messages) if (author !== "customer") this.#takeTyping(author, false);
    if (messages.some(({ id }) => id)) {
      for (const entry of this.outbox.entries()) if (this.#log.holds(entry.id)) this.#drop(entry);
    }
    this.#changed();
  }

  #takeState(state) {
    if (state.state !== "bot") this.#takeTyping("assistant", false);
    if (state.state !== "agent") this.#takeTyping("agent", false);
    this.state = state;
    if (!this.isCaughtUp) this.#expectAnswer();
    this.isCaughtUp = true;
    // followed only when the conversation's language changes: the customer's own choice may not have got there yet
    if (state.language && state.language !== this.memory.get("spoken")) {
      this.memory.set("spoken", state.language);
      const isOnItsWay = this.outbox.entries().some((entry) => entry.id.startsWith("language-"));
      if (!isOnItsWay && LANGUAGES.includes(state.language)) this.#setLanguage(state.language);
    }
    this.#changed();
  }

  #takeTyping(author, on) {
    clearTimeout(this.#typing.get(author));
    this.#typing.delete(author);
    if (on) {
      const quiet = () => this.#takeTyping(author, false);
      this.#typing.set(author, setTimeout(quiet, author === "agent" ? AGENT_TYPING : ASSISTANT_TYPING));
    }
    this.#changed();
  }

  /** The page was loaded anew while the assistant was thinking. */
  #expectAnswer() {
    const { last } = this.#log;
    const isFresh = last?.author === "customer" && Date.now() - new Date(last.at) < ASSISTANT_TYPING;
    if (isFresh && this.state.state === "bot") this.#takeTyping("assistant", true);
  }

  #quiet() {
    for (const author of [...this.#typing.keys()]) this.#takeTyping(author, false);
  }

  #otherTab(name) {
    if (name === "" || name === "conversation") this.#adopt();
    if (name === "language" && LANGUAGES.includes(this.memory.get("language"))) this.language = this.memory.get("language");
    this.#changed();
  }

  #setLanguage(language) {
    this.language = language;
    this.memory.set("language", language);
    this.#changed();
  }

  #drop(entry) {
    this.outbox.remove(entry);
    if (entry.photoName) dropPhoto(entry.id);
  }

  #trouble(detail) {
    this.dispatchEvent(new CustomEvent("trouble", { detail }));
  }

  #changed() {
    if (this.#scheduled) return;
    this.#scheduled = true;
    // once a frame, however many messages come at once; a tab in the background has no frames, but a badge to count
    const tell = () => {
      this.#scheduled = false;
      this.dispatchEvent(new Event("change"));
    };
    if (document.visibilityState === "visible") requestAnimationFrame(tell);
    else setTimeout(tell, 50);
  }
}

// Speaks with the front door: POST to send, GET to catch up, WebSocket to hear. Reconnects by itself; remembers nothing but the place in the log.

const LONGEST_PAGE = 500; // messages in one answer of the server
const LONGEST_WAIT = 30_000;
const POLL_WAIT = 5_000; // where the socket is barred but requests pass

/** The server said no: a problem document (`code`, `status`, `limit` and `retryAfter` where given). */
export class Refusal extends Error {
  constructor(status, document) {
    super(document.detail ?? `HTTP ${status}`);
    this.status = status;
    this.code = String(document.type ?? "").split(":").pop() || `http-${status}`;
    this.limit = document.limit;
    this.retryAfter = document.retry_after;
  }

  /** The conversation can't be used any more: its token is void, or it was deleted. */
  get isGone() {
    return this.status === 401 || this.status === 404;
  }
}

/** No answer, or one that says nothing about the request: try again later. */
export class Unreachable extends Error {}

/** One customer's line to the server. `listener` gets `messages`, `state`, `typing`, `line` ("live", "polling", "lost") and `gone`. */
export class Connection {
  #listener;
  #timings;
  #life = 0; // grows when what we follow changes; loops of older lives end
  #socket = null;
  #wake = () => {};
  #following = null;

  constructor(server, timings, listener) {
    this.server = server;
    this.#timings = timings;
    this.#listener = listener;
  }

  start(language) {
    const page = location.origin === "null" ? undefined : location.origin + location.pathname;
    return this.#ask("POST", "/chat/conversations", { body: { language, page_url: page } });
  }

  send({ conversation, token }, { id, text, payload }) {
    return this.#ask("POST", `/chat/conversations/${conversation}/messages`, { token, body: payload ? { id, payload } : { id, text } });
  }

  handOver({ conversation, token }) {
    return this.#ask("POST", `/chat/conversations/${conversation}/handoff`, { token, body: {} });
  }

  rate({ conversation, token }, rating) {
    return this.#ask("POST", `/chat/conversations/${conversation}/ratings`, { token, body: rating });
  }

  read({ conversation, token }, after) {
    return this.#ask("GET", `/chat/conversations/${conversation}/messages?after=${after}`, { token });
  }

  photoAddress({ conversation, token }, attachment) {
    return `${this.server}/chat/conversations/${conversation}/attachments/${encodeURIComponent(attachment)}?token=${encodeURIComponent(token)}`;
  }

  /** Sends a photo with its caption; `progress` is told the part done, 0 to 1. Given up when nothing moves for the request's time. */
  sendPhoto({ conversation, token }, { id, text, photoName }, photo, progress) {
    const form = new FormData();
    form.append("id", id);
    form.append("text", text);
    form.append("file", photo, photoName);
    return new Promise((resolve, reject) => {
      const request = new XMLHttpRequest();
      let timer;
      const patience = () => {
        clearTimeout(timer);
        timer = setTimeout(() => request.abort(), this.#timings.request);
      };
      request.open("POST", `${this.server}/chat/conversations/${conversation}/messages`);
      request.setRequestHeader("Authorization", `Bearer ${token}`);
      request.upload.addEventListener("progress", (event) => {
        patience();
        if (event.lengthComputable) progress(event.loaded / event.total);
      });
      request.addEventListener("loadend", () => {
        clearTimeout(timer);
        try {
          resolve(answerOf(request.status, request.responseText));
        } catch (problem) {
          reject(problem);
        }
      });
      patience();
      request.send(form);
    });
  }

  /** Follows a conversation's log from `after` on, through whatever happens to the network. */
  follow(conversation, after) {
    this.stop();
    this.#following = { ...conversation, after };
    this.#keepFollowing(this.#life);
  }

  /** Ends following. */
  stop() {
    this.#life += 1;
    this.#following = null;
    this.#hangUp();
    this.#wake();
  }

  /** The network or the tab came back: don't wait, and don't trust a socket that was silent for too long. */
  hurry() {
    if (this.#socket && Date.now() - this.#socket.heardAt > this.#timings.heartbeat) this.#socket.giveUp();
    this.#wake();
  }

  /** Reads what is new, beside the socket (the place in the queue moves without an event). */
  async refresh() {
    const life = this.#life;
    await this.#catchUp(life).catch(() => {});
  }

  /** Tells the agent that the customer is writing. */
  tellTyping(on) {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify({ type: "typing", on }));
  }

  async #keepFollowing(life) {
    let failures = 0;
    while (life === this.#life) {
      let wait = this.#timings.retry;
      try {
        // the socket first: it always has a connection of its own, where a request may be given one that is dead
        if (await this.#listen(life)) {
          failures = 0;
          this.#report(life, "lost");
        } else {
          failures += 1;
          await this.#catchUp(life);
          this.#report(life, "polling");
          wait = Math.min(wait * 2 ** failures, POLL_WAIT);
        }
      } catch (problem) {
        if (life !== this.#life) return;
        if (problem instanceof Refusal && problem.isGone) {
          this.stop();
          this.#listener.gone(problem);
          return;
        }
        this.#listener.line("lost");
        wait = Math.min(wait * 2 ** failures, LONGEST_WAIT);
      }
      await this.#pause(wait * (0.5 + Math.random())); // jitter: a restarted server is not met by all at once
    }
  }

  #report(life, line) {
    if (life === this.#life) this.#listener.line(line);
  }

  async #catchUp(life) {
    for (;;) {
      const following = this.#following;
      if (!following) return;
      const { messages, ...state } = await this.read(following, following.after);
      if (life !== this.#life) return;
      this.#take(messages);
      this.#listener.state(state);
      if (messages.length < LONGEST_PAGE) return;
    }
  }

  #take(messages) {
    if (messages.length) this.#following.after = Math.max(this.#following.after, messages[messages.length - 1].seq);
    this.#listener.messages(messages);
  }

  /** Hears the socket until it ends or falls silent. True if it ever spoke. */
  #listen(life) {
    const { conversation, token, after } = this.#following;
    const address = `${this.server.replace(/^http/, "ws")}/chat/conversations/${conversation}/stream?after=${after}`;
    return new Promise((resolve, reject) => {
      let spoke = false;
      let count = 0;
      let socket;
      try {
        socket = new WebSocket(address, ["savoir", token]);
      } catch {
        resolve(false); // the page's policy forbids sockets: requests alone then
        return;
      }
      const watch = setInterval(() => {
        if (Date.now() - socket.heardAt > (spoke ? this.#timings.heartbeat : this.#timings.request)) socket.giveUp();
      }, Math.min(1000, this.#timings.heartbeat / 5));
      const end = (problem) => {
        clearInterval(watch);
        socket.onmessage = socket.onclose = null;
        if (this.#socket === socket) this.#socket = null;
        socket.close();
        if (problem) reject(problem);
        else resolve(spoke);
      };
      socket.heardAt = Date.now();
      socket.giveUp = () => end(); // a dead network never fires `close` by itself
      socket.onclose = () => end();
      socket.onmessage = ({ data }) => {
        if (life !== this.#life) return;
        socket.heardAt = Date.now();
        const event = JSON.parse(data);
        if (event.type === "problem") {
          end(new Refusal(event.status, { type: event.code, detail: event.detail }));
          return;
        }
        if (!spoke) this.#listener.line("live");
        spoke = true;
        const { type, ...rest } = event;
        if (type === "message") {
          this.#take([event.message]);
          count += 1;
        } else if (type === "state") {
          this.#listener.state(rest);
          if (count >= LONGEST_PAGE) this.refresh(); // the socket replays one page; the rest comes by requests
          count = 0;
        }
        if (type === "typing") this.#listener.typing(event.author, event.on);
      };
      this.#socket = socket;
    });
  }

  #hangUp() {
    this.#socket?.giveUp();
    this.#socket = null;
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

  async #ask(method, path, { token, body }) {
    const headers = { Accept: "application/json" };
    if (token) headers.Authorization = `Bearer ${token}`;
    if (body) headers["Content-Type"] = "application/json";
    const giveUp = new AbortController();
    const timer = setTimeout(() => giveUp.abort(), this.#timings.request);
    try {
      const response = await fetch(this.server + path, {
        method, headers, body: body && JSON.stringify(body), signal: giveUp.signal, cache: "no-store", credentials: "omit", referrerPolicy: "no-referrer",
      });
      return answerOf(response.status, await response.text());
    } catch (problem) {
      throw problem instanceof Refusal ? problem : new Unreachable(String(problem));
    } finally {
      clearTimeout(timer);
    }
  }
}

function answerOf(status, text) {
  let document = {};
  try {
    document = JSON.parse(text || "{}");
  } catch {
    if (status < 400) throw new Unreachable("the answer is not ours"); // a captive portal, say
  }
  if (status >= 200 && status < 300) return document;
  if (status === 0 || status >= 500 || status === 408) throw new Unreachable(`HTTP ${status}`);
  // 401 and 404 count only when they are the desk's own words: a proxy's page must not end a conversation
  if ((status === 401 || status === 404) && !String(document.type ?? "").startsWith("urn:savoir:")) throw new Unreachable(`HTTP ${status}`);
  throw new Refusal(status, document);
}

// The page's one connection. It only says that something changed; what changed is fetched.

const FIRST_WAIT = 500;
const LONGEST_WAIT = 15_000;

/** Calls `on.event(event)`, `on.state("live" | "lost" | "over")`, and `on.catchUp()` after each connection but the first. */
export class Stream {
  constructor(on, heartbeatSeconds) {
    this.on = on;
    this.patience = heartbeatSeconds * 2500;
    this.wait = FIRST_WAIT;
    this.watched = "";
    this.connections = 0;
    this.isOver = false;
    addEventListener("online", () => this.hurry());
    document.addEventListener("desk:say", (event) => this.send(event.detail));
    document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && this.hurry());
    this.connect();
  }

  connect() {
    clearTimeout(this.timer);
    const address = new URL("/desk/stream", location.href);
    address.protocol = address.protocol.replace("http", "ws");
    const socket = (this.socket = new WebSocket(address));
    this.expect();
    socket.addEventListener("message", (message) => socket === this.socket && this.hear(JSON.parse(message.data)));
    socket.addEventListener("close", (event) => socket === this.socket && this.lost(event.code));
  }

  hear(event) {
    this.expect();
    document.dispatchEvent(new CustomEvent("desk:said", { detail: event }));
    if (event.type === "ready") {
      this.wait = FIRST_WAIT;
      this.on.state("live");
      this.send({ type: "watch", conversation: this.watched });
      if (this.connections++) this.on.catchUp();
    } else if (event.type === "problem") {
      this.end();
    } else if (event.type !== "heartbeat") {
      this.on.event(event);
    }
  }

  /** Something must come before the patience is over, or the connection is dead without saying so. */
  expect() {
    clearTimeout(this.deadline);
    this.deadline = setTimeout(() => {
      const dead = this.socket;
      this.lost(0);
      dead.close();
    }, this.patience);
  }

  lost(code) {
    clearTimeout(this.deadline);
    this.socket = null;
    if (code === 4401) return this.end();
    if (this.isOver) return;
    this.on.state("lost");
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.connect(), this.wait * (0.75 + Math.random() / 2));
    this.wait = Math.min(LONGEST_WAIT, this.wait * 2);
  }

  end() {
    this.isOver = true;
    clearTimeout(this.deadline);
    clearTimeout(this.timer);
    this.on.state("over");
  }

  /** Tries again at once: the network or the person came back. */
  hurry() {
    if (this.isOver || this.socket) return;
    this.wait = FIRST_WAIT;
    this.connect();
  }

  watch(conversation) {
    this.watched = conversation;
    this.send({ type: "watch", conversation });
  }

  send(event) {
    if (this.socket?.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(event));
  }
}

// What this browser remembers: localStorage, shared by all tabs of a site; this tab's own memory where storage is refused.

/** Named values under one prefix, as JSON. */
export class BrowserMemory {
  #prefix;
  #own = new Map();

  constructor(server) {
    this.#prefix = `savoir-chat:${server}:`;
  }

  get(name) {
    const key = this.#prefix + name;
    if (this.#own.has(key)) return this.#own.get(key);
    try {
      return JSON.parse(localStorage.getItem(key) ?? "null");
    } catch {
      return null;
    }
  }

  set(name, value) {
    const key = this.#prefix + name;
    try {
      localStorage.setItem(key, JSON.stringify(value));
      this.#own.delete(key);
    } catch {
      this.#own.set(key, value);
    }
  }

  remove(name) {
    this.#own.delete(this.#prefix + name);
    try {
      localStorage.removeItem(this.#prefix + name);
    } catch {
      // nothing was kept there
    }
  }

  /** The names that begin so, in order. */
  names(beginning) {
    const start = this.#prefix + beginning;
    const keys = new Set(this.#own.keys());
    try {
      for (let index = 0; index < localStorage.length; index += 1) keys.add(localStorage.key(index));
    } catch {
      // this tab's own memory only
    }
    return [...keys].filter((key) => key.startsWith(start)).map((key) => key.slice(this.#prefix.length)).sort();
  }

  /** Calls `listener(name)` when another tab changed something (name is "" when all was cleared). Returns a function that ends it. */
  watch(listener) {
    const heard = (event) => {
      if (event.key === null) listener("");
      else if (event.key.startsWith(this.#prefix)) listener(event.key.slice(this.#prefix.length));
    };
    addEventListener("storage", heard);
    return () => removeEventListener("storage", heard);
  }
}

/** Runs `work` while no other tab runs its own under that name; where the browser can't promise it, runs it all the same. */
export function alone(name, work) {
  return navigator.locks ? navigator.locks.request(name, work) : work();
}

/** A random identifier; also on pages without https. */
export function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

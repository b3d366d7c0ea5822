// Where the customer writes: text, photos (chosen, pasted or dropped), what was refused and why.

import { copyOf, refusalText } from "./copy.js";
import { element, setAttribute, setText } from "./dom.js";
import { filesOf, prepare } from "./photo.js";

const COUNTED_FROM = 0.9; // of the longest message
const TYPING_EVERY = 3_000;
const TYPING_ENDS = 5_000;

/** Binds the composer's parts to the session. */
export class Composer {
  #parts;
  #session;
  #language;
  #longest;
  #photo = null; // {blob, name, address}
  #typingSentAt = 0;
  #typingTimer = null;

  constructor(parts, session, { longest, language }) {
    this.#parts = parts;
    this.#session = session;
    this.#longest = longest;
    this.#language = language;
    const { composer, words, pick, file, unpick, panel } = parts;
    words.value = draft() ?? "";
    words.addEventListener("input", () => this.#written());
    words.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return; // 229: still composing, in Safari
      event.preventDefault();
      this.#send();
    });
    words.addEventListener("paste", (event) => {
      const [photo] = filesOf(event.clipboardData);
      if (!photo) return;
      event.preventDefault();
      this.#take(photo);
    });
    composer.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#send();
    });
    pick.addEventListener("click", () => file.click());
    file.addEventListener("change", () => {
      const [photo] = file.files;
      file.value = "";
      if (photo) this.#take(photo);
    });
    unpick.addEventListener("click", () => {
      this.#putDown();
      words.focus();
    });
    const carries = (event) => event.dataTransfer?.types.includes("Files");
    panel.addEventListener("dragover", (event) => {
      if (!carries(event)) return;
      event.preventDefault();
      panel.classList.add("dropping");
    });
    panel.addEventListener("dragleave", (event) => {
      if (!panel.contains(event.relatedTarget)) panel.classList.remove("dropping");
    });
    panel.addEventListener("drop", (event) => {
      if (!carries(event)) return;
      event.preventDefault();
      panel.classList.remove("dropping");
      const [photo] = filesOf(event.dataTransfer);
      if (photo) this.#take(photo);
    });
    this.#show();
  }

  /** Says why something was refused, and gives its text back to be changed. */
  giveBack(reason, { text, limit }) {
    const { words } = this.#parts;
    if (limit && text) this.#longest = limit;
    if (text) words.value = words.value ? `${text}\n${words.value}` : text;
    this.#show();
    this.#blame(reason);
  }

  /** The language changed. */
  relabel() {
    this.#blame("");
    this.#show();
    if (this.#photo) this.#showPhoto();
  }

  #send() {
    const { words, fault } = this.#parts;
    const text = words.value.trim();
    words.focus({ preventScroll: true });
    if (!text && !this.#photo) return;
    if (length(text) > this.#longest) {
      this.#blame(refusalText(this.#language(), "message-too-long", this.#longest));
      return;
    }
    setText(fault, "");
    words.value = "";
    if (this.#photo) this.#session.sendPhoto(this.#photo.blob, this.#photo.name, text);
    else this.#session.say(text);
    this.#putDown();
    this.#tellTyping(false);
    this.#show();
  }

  #written() {
    this.#show();
    if (length(this.#parts.words.value) <= this.#longest) this.#blame("");
    this.#tellTyping(Boolean(this.#parts.words.value));
  }

  /** The field grows with its text, the counter comes when the end is near, and the tab remembers the draft. */
  #show() {
    const { words, grow, counter, send } = this.#parts;
    const count = length(words.value);
    setAttribute(grow, "data-text", words.value);
    setText(counter, count >= this.#longest * COUNTED_FROM ? copyOf(this.#language()).counter(count, this.#longest) : "");
    counter.classList.toggle("over", count > this.#longest);
    setAttribute(words, "aria-invalid", count > this.#longest ? "true" : null);
    send.classList.toggle("ready", Boolean(words.value.trim() || this.#photo));
    keepDraft(words.value);
  }

  #tellTyping(on) {
    const { state } = this.#session.state;
    if (state !== "agent" && state !== "waiting") return; // a program does not care
    clearTimeout(this.#typingTimer);
    if (on) {
      this.#typingTimer = setTimeout(() => this.#tellTyping(false), TYPING_ENDS);
      if (Date.now() - this.#typingSentAt < TYPING_EVERY) return;
    } else if (!this.#typingSentAt) {
      return;
    }
    this.#typingSentAt = on ? Date.now() : 0;
    this.#session.connection.tellTyping(on);
  }

  async #take(file) {
    this.#blame("");
    try {
      const blob = await prepare(file);
      this.#putDown();
      this.#photo = { blob, name: file.name, address: URL.createObjectURL(blob) };
      this.#showPhoto();
      this.#show();
      this.#parts.words.focus();
    } catch (unfit) {
      this.#blame(refusalText(this.#language(), unfit.code));
    }
  }

  #showPhoto() {
    const { preview, previewPicture, previewWord } = this.#parts;
    const copy = copyOf(this.#language());
    previewPicture.alt = copy.photoChosen(this.#photo.name);
    if (previewPicture.src !== this.#photo.address) previewPicture.src = this.#photo.address;
    previewWord.replaceChildren(element("strong", {}, copy.photoReady), element("span", {}, this.#photo.name));
    preview.hidden = false;
  }

  #putDown() {
    if (!this.#photo) return;
    URL.revokeObjectURL(this.#photo.address);
    this.#photo = null;
    this.#parts.preview.hidden = true;
    this.#parts.previewPicture.removeAttribute("src");
    this.#show();
  }

  #blame(reason) {
    setText(this.#parts.fault, reason);
  }
}

function length(text) {
  return [...text].length; // as the server counts: characters, not UTF-16 units
}

const DRAFT = "savoir-chat:draft";

function draft() {
  try {
    return sessionStorage.getItem(DRAFT);
  } catch {
    return null;
  }
}

function keepDraft(text) {
  try {
    if (text) sessionStorage.setItem(DRAFT, text);
    else sessionStorage.removeItem(DRAFT);
  } catch {
    // the draft then lasts as long as the page
  }
}

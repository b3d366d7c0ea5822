// Where agents write. Reply and note are two forms with two texts: neither can be sent by the other's button.

import * as canned from "./canned.js";
import { forget, gapIn } from "./insert.js";
import { tab } from "./memory.js";
import { dropPhoto, hasPhoto, keepPhotos } from "./photos.js";
import { say, toast } from "./words.js";

const TYPING_PAUSE = 4000;
const TYPING_EVERY = 2500;

function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** One side of the composer: its form, its draft, and the id under which the draft will be sent. */
class Side {
  constructor(form, conversation, onTyping) {
    this.form = form;
    this.isReply = form.dataset.mode === "reply";
    this.key = `draft:${conversation}:${form.dataset.mode}`;
    this.text = form.elements.text;
    this.onTyping = onTyping;
    const draft = tab.get(this.key);
    if (draft) {
      this.text.value = draft.text;
      form.elements.client_id.value = draft.id;
    } else {
      form.elements.client_id.value = newId();
    }
    this.fit();
    this.text.addEventListener("input", () => this.changed());
    this.text.addEventListener("keydown", (event) => {
      if (this.isReply && canned.key(event)) return;
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
        event.preventDefault();
        if (!this.isBusy) form.requestSubmit();
      }
    });
    form.addEventListener("htmx:confirm", (event) => {
      if (event.target !== form) return;
      const isEmpty = !this.text.value.trim() && !(this.isReply && hasPhoto());
      const gap = this.isReply && gapIn(this.text.value);
      if (this.isBusy || this.text.disabled || isEmpty || gap) event.preventDefault();
      if (gap) this.showGap(gap);
    });
    form.addEventListener("htmx:configRequest", (event) => {
      if (event.target === form && this.isReply && hasPhoto()) event.detail.path = event.detail.path.replace(/reply$/, "photo");
    });
    form.addEventListener("htmx:beforeRequest", (event) => event.target === form && this.busy(true));
    form.addEventListener("htmx:afterRequest", (event) => event.target === form && this.done(event.detail.successful));
  }

  changed() {
    if (this.wasTried) {
      // the first try may have arrived after all: another text is another message
      this.form.elements.client_id.value = newId();
      this.wasTried = false;
    }
    if (this.text.value) tab.set(this.key, { text: this.text.value, id: this.form.elements.client_id.value });
    else tab.drop(this.key);
    this.fit();
    this.onTyping(Boolean(this.text.value));
    if (!this.isReply) return;
    if (!this.text.value) forget();
    canned.look(this.form.closest("desk-composer").dataset.conversation);
  }

  /** Selects what is still to be filled in. */
  showGap(gap) {
    const at = this.text.value.indexOf(gap);
    this.text.focus();
    this.text.setSelectionRange(at, at + gap.length);
    toast(say("gap", { gap }));
  }

  busy(on) {
    this.isBusy = on;
    this.text.readOnly = on;
    this.form.setAttribute("aria-busy", String(on));
  }

  done(wasSent) {
    this.busy(false);
    this.wasTried = !wasSent;
    if (!wasSent) return;
    this.text.value = "";
    if (this.isReply) {
      forget();
      dropPhoto();
      canned.close();
    }
    this.form.elements.client_id.value = newId();
    tab.drop(this.key);
    this.fit();
    this.onTyping(false);
    this.form.dispatchEvent(new CustomEvent("desk:sent", { bubbles: true, detail: { mode: this.form.dataset.mode } }));
  }

  fit() {
    this.text.rows = Math.min(12, Math.max(3, this.text.value.split("\n").length + Math.floor(this.text.value.length / 90)));
  }
}

class DeskComposer extends HTMLElement {
  connectedCallback() {
    const forms = this.querySelectorAll("form.write");
    for (const form of forms) {
      const isReply = form.dataset.mode === "reply";
      new Side(form, this.dataset.conversation, (on) => isReply && this.typing(on));
    }
    keepPhotos(this);
    canned.freshen();
    this.querySelector("#open-canned").addEventListener("click", () => canned.open());
    this.querySelector("#reply-text").addEventListener("blur", () => canned.close());
    const tabs = [...this.querySelectorAll("[role=tab]")];
    for (const one of tabs) {
      one.addEventListener("click", () => this.show(one.dataset.mode, true));
      one.addEventListener("keydown", (event) => {
        if (!["ArrowLeft", "ArrowRight", "Home", "End"].includes(event.key)) return;
        event.preventDefault();
        const other = tabs.find((t) => t !== one);
        this.show(other.dataset.mode);
        other.focus();
      });
    }
    const draft = tab.get(`draft:${this.dataset.conversation}:note`);
    this.show(draft && !this.querySelector("#reply-text").value ? "note" : "reply");
    this.update();
  }

  disconnectedCallback() {
    clearTimeout(this.pause);
  }

  /** Brings one side forward. */
  show(mode, withFocus = false) {
    this.dataset.mode = mode;
    for (const one of this.querySelectorAll("[role=tab]")) {
      const isShown = one.dataset.mode === mode;
      one.setAttribute("aria-selected", String(isShown));
      one.tabIndex = isShown ? 0 : -1;
      document.getElementById(one.getAttribute("aria-controls")).hidden = !isShown;
    }
    if (withFocus) this.write(mode);
  }

  /** Brings one side forward and puts the caret there; where replying isn't possible, on the button that makes it so. */
  write(mode) {
    if (this.dataset.mode !== mode) this.show(mode);
    const text = this.querySelector(`#${mode}-text`);
    (text.disabled ? this.querySelector("#notice-take") : text)?.focus();
  }

  /** Opens or closes the reply, as the notice says whose the conversation is. The text stays. */
  update() {
    const mayReply = this.querySelector("#composer-notice").dataset.mayReply === "true";
    const text = this.querySelector("#reply-text");
    const wasDisabled = text.disabled;
    text.disabled = !mayReply;
    for (const id of ["send-reply", "open-canned", "open-articles", "choose-photo"]) this.querySelector(`#${id}`).disabled = !mayReply;
    return wasDisabled && mayReply;
  }

  typing(on) {
    clearTimeout(this.pause);
    const now = Date.now();
    if (on) this.pause = setTimeout(() => this.typing(false), TYPING_PAUSE);
    if (on && this.saidAt && now - this.saidAt < TYPING_EVERY) return;
    if (!on && !this.saidAt) return;
    this.saidAt = on ? now : 0;
    this.dispatchEvent(new CustomEvent("desk:typing", { bubbles: true, detail: { on } }));
  }
}

customElements.define("desk-composer", DeskComposer);

// <savoir-chat>: the customer's chat as one element. Attributes: server, language, firm, privacy-url, open, max-length;
// for tests the timings heartbeat-timeout, request-timeout, retry-delay (milliseconds).

import { Composer } from "./composer.js";
import { copyOf, openingTime, refusalText } from "./copy.js";
import { element, icon, setAttribute, setText } from "./dom.js";
import { safeAddress } from "./markdown.js";
import { MessageList } from "./messages.js";
import { furnish, relabel } from "./panel.js";
import { ratingForm } from "./rating.js";
import { Session } from "./session.js";

const PHONE = "(max-width: 560px), (max-height: 480px)";
const NEAR_END = 80; // pixels from the end within which the log follows new messages
const LOST_AFTER = 2_000; // a shorter break is not worth a word

export class SavoirChat extends HTMLElement {
  #parts = null;
  #session = null;
  #list = null;
  #composer = null;
  #labelled = null; // language of the words now shown
  #sheet = new CSSStyleSheet(); // sizes known only at run time; a style attribute would not pass a strict policy
  #phone = matchMedia(PHONE);
  #lostTimer = null;
  #isLost = false;
  #isOpen = false;
  #atEnd = true;
  #thanked = null; // how many messages the customer had written when their rating was kept
  #ends = [];

  /** Opens the panel and, unless told otherwise, moves the focus into it. */
  show({ focus = true } = {}) {
    if (!this.#parts || this.#isOpen) return;
    this.#isOpen = true;
    this.#session.memory.set("open", true);
    this.#place();
    this.#fitToScreen();
    this.#render();
    this.#toEnd();
    if (focus) this.#focusInside();
  }

  /** Closes the panel; the focus goes back to the launcher if it was inside. */
  hide() {
    if (!this.#isOpen) return;
    const hadFocus = this.#parts.panel.contains(this.shadowRoot.activeElement);
    this.#isOpen = false;
    this.#session.memory.set("open", false);
    if (this.#parts.panel.open) this.#parts.panel.close();
    this.#render();
    if (hadFocus || this.#phone.matches) this.#parts.launcher.focus();
  }

  connectedCallback() {
    if (this.#parts) return;
    const folder = new URL(".", import.meta.url);
    const server = new URL(this.getAttribute("server") || new URL("../../", folder).href, location.href).href.replace(/\/+$/, "");
    const asked = (this.getAttribute("language") || document.documentElement.lang || navigator.language).slice(0, 2);
    const parts = (this.#parts = furnish());
    const time = (name, standard) => Number(this.getAttribute(name)) || standard;
    this.#session = new Session({
      server,
      language: asked === "en" ? "en" : "fr",
      timings: { heartbeat: time("heartbeat-timeout", 35_000), request: time("request-timeout", 15_000), retry: time("retry-delay", 500) },
    });
    this.#list = new MessageList(parts.log, {
      server,
      press: (button, event) => this.#reply(event, () => this.#session.press(button)),
      retry: () => this.#session.hurry(),
      photoAddress: (id) => this.#session.photoAddress(id),
      leave: (control) => this.#leave(control),
    });
    this.#composer = new Composer(parts, this.#session, { longest: time("max-length", 4000), language: () => this.#session.language });
    this.#listen();

    const style = element("link", { rel: "stylesheet", href: new URL("savoir-chat.css", folder).href });
    const dressed = () => {
      parts.root.hidden = false;
      this.#toEnd();
    };
    style.addEventListener("load", dressed);
    style.addEventListener("error", dressed); // plain is better than nothing
    const shadow = this.shadowRoot ?? this.attachShadow({ mode: "open" });
    shadow.adoptedStyleSheets = [this.#sheet];
    shadow.replaceChildren(style, parts.root);

    this.#session.begin();
    this.#render();
    if (this.#session.memory.get("open") ?? this.hasAttribute("open")) this.show({ focus: false });
  }

  disconnectedCallback() {
    this.#session?.end();
    for (const end of this.#ends) end();
    this.#ends = [];
    this.#parts = this.#session = null;
    this.#isOpen = false;
    this.#labelled = null;
  }

  #listen() {
    const parts = this.#parts;
    const on = (target, name, listener) => {
      target.addEventListener(name, listener);
      this.#ends.push(() => target.removeEventListener(name, listener));
    };
    on(this.#session, "change", () => this.#render());
    on(this.#session, "trouble", ({ detail }) => this.#composer.giveBack(refusalText(this.#session.language, detail.code, detail.limit), detail));
    on(parts.launcher, "click", () => this.show());
    on(parts.close, "click", () => this.hide());
    on(parts.other, "click", () => this.#session.switchLanguage(this.#session.language === "fr" ? "en" : "fr"));
    on(parts.person, "click", () => this.#askForPerson());
    on(parts.newer, "click", () => {
      this.#toEnd();
      parts.scroller.focus();
    });
    on(parts.panel, "keydown", (event) => {
      if (event.key !== "Escape" || event.isComposing) return;
      event.preventDefault();
      event.stopPropagation();
      this.hide();
    });
    on(parts.panel, "cancel", (event) => { // the phone's back gesture
      event.preventDefault();
      this.hide();
    });
    on(parts.panel, "close", () => !parts.panel.open && this.hide());
    let top = 0;
    on(parts.scroller, "scroll", () => {
      const { scrollTop, scrollHeight, clientHeight } = parts.scroller;
      if (scrollHeight - scrollTop - clientHeight < NEAR_END) {
        this.#atEnd = true;
        parts.newer.hidden = true;
      } else if (scrollTop < top) {
        this.#atEnd = false; // only scrolling back is the customer's wish; otherwise something grew below
      }
      top = scrollTop;
    });
    const grown = new ResizeObserver(() => this.#atEnd && this.#toEnd()); // a photo that arrived, the keyboard that rose
    for (const part of [parts.scroller, parts.log, parts.afterwards]) grown.observe(part);
    this.#ends.push(() => grown.disconnect());
    on(document, "visibilitychange", () => this.#render());
    on(this.#phone, "change", () => this.#replace());
    if (window.visualViewport) {
      on(visualViewport, "resize", () => this.#fitToScreen());
      on(visualViewport, "scroll", () => this.#fitToScreen());
    }
  }

  #render() {
    const parts = this.#parts;
    const session = this.#session;
    if (!parts) return;
    const { language } = session;
    const copy = copyOf(language);
    if (this.#labelled !== language) this.#relabel(language);
    if (this.#isOpen && document.visibilityState === "visible") session.markSeen();

    const items = session.items();
    const hasNew = this.#list.show(items, language);
    parts.starters.hidden = items.length > 0 || session.hasConversation;
    setText(parts.expired, session.notice === "expired" ? copy.expired : "");
    this.#renderTyping(copy);
    this.#renderPeople(copy);
    this.#renderRating(copy);
    this.#renderLauncher(copy);
    if (hasNew && this.#isOpen) {
      const isOwn = items[items.length - 1]?.author === "customer";
      if (this.#atEnd || isOwn) this.#toEnd();
      else parts.newer.hidden = false;
    }
  }

  #relabel(language) {
    this.#labelled = language;
    const privacyAddress = safeAddress(this.getAttribute("privacy-url"), location.href);
    const start = (words, event) => this.#reply(event, () => this.#session.say(words));
    relabel(this.#parts, { language, firm: this.getAttribute("firm"), privacyAddress, start });
    const form = this.#parts.afterwards.querySelector("form");
    if (form) form.replaceWith(this.#ratingForm(form));
    this.#composer.relabel();
  }

  #renderTyping(copy) {
    const author = this.#session.typing;
    const words = author === "agent" ? copy.typing.agent(this.#session.agentName) : author ? copy.typing.assistant : "";
    if (this.#parts.typing.textContent === words) return;
    const dots = element("span", { class: "dots", "aria-hidden": "true" }, element("i"), element("i"), element("i"));
    this.#parts.typing.replaceChildren(...(words ? [dots, element("span", {}, words)] : []));
    if (words && this.#atEnd) this.#toEnd();
  }

  /** Who has the conversation, and how to reach a person. */
  #renderPeople(copy) {
    const parts = this.#parts;
    const { state, position, open, opens_at: opensAt, wait_minutes: minutes } = this.#session.state;
    const waits = () => {
      if (open === false) return opensAt ? copy.closedUntil(openingTime(this.#session.language, opensAt)) : copy.closed;
      const place = position > 1 ? copy.position(position - 1) : copy.next;
      return minutes ? `${place} ${copy.wait(minutes)}` : place;
    };
    this.#watchLine();
    const words = this.#isLost ? copy.lost : state === "waiting" ? waits() : state === "resolved" ? copy.resolved : "";
    setText(parts.standing, words);
    parts.standing.classList.toggle("lost", this.#isLost);
    const isOffered = state !== "waiting" && state !== "agent";
    if (!isOffered && this.shadowRoot.activeElement === parts.person) parts.standing.focus();
    parts.person.hidden = !isOffered;
    parts.people.hidden = !isOffered && !words;
    setText(parts.subtitle, state === "agent" ? copy.withAgent(this.#session.agentName) : state === "waiting" ? copy.withQueue : copy.subtitle);
    setAttribute(parts.panel, "data-state", state);
    const initial = state === "agent" ? ([...(this.#session.agentName ?? "")][0] ?? "") : "";
    if (parts.mark.dataset.initial !== initial) {
      parts.mark.dataset.initial = initial;
      parts.mark.replaceChildren(initial || icon(state === "agent" ? "person" : "assistant"));
    }
  }

  #watchLine() {
    const isDown = this.#session.line === "lost" && this.#session.hasConversation;
    if (!isDown) {
      clearTimeout(this.#lostTimer);
      this.#lostTimer = null;
      this.#isLost = false;
    } else if (!this.#lostTimer) {
      this.#lostTimer = setTimeout(() => {
        this.#isLost = true;
        this.#render();
      }, LOST_AFTER);
    }
  }

  #renderRating(copy) {
    const { afterwards } = this.#parts;
    const form = afterwards.querySelector("form");
    if (this.#session.asksForRating && this.#session.isCaughtUp) {
      this.#thanked = null;
      if (!form) afterwards.replaceChildren(this.#ratingForm());
      return;
    }
    const thanks = this.#thanked !== null && this.#thanked === this.#session.spoken;
    if (!form && thanks === afterwards.hasChildNodes()) return;
    if (form?.contains(this.shadowRoot.activeElement)) this.#leave(null);
    afterwards.replaceChildren(...(thanks ? [element("p", { class: "thanks", role: "status" }, icon("check"), copy.ratingThanks)] : []));
  }

  #ratingForm(earlier) {
    const done = async (rating) => {
      this.#thanked = rating ? this.#session.spoken : null;
      await this.#session.rate(rating);
    };
    return ratingForm(this.#session.language, done, earlier);
  }

  #renderLauncher(copy) {
    const { launcher, badge, news } = this.#parts;
    const { unread } = this.#session;
    launcher.hidden = this.#isOpen;
    badge.hidden = unread === 0;
    setText(badge, unread > 99 ? "99+" : String(unread));
    const waiting = unread ? `, ${copy.unread(unread)}` : "";
    setAttribute(launcher, "aria-label", `${copy.launcher} ${copy.launcherHint(this.getAttribute("firm"))}${waiting}`);
    setText(news, unread && !this.#isOpen ? copy.unread(unread) : "");
  }

  async #askForPerson() {
    const { person } = this.#parts;
    if (person.getAttribute("aria-busy") === "true") return;
    setAttribute(person, "aria-busy", "true");
    await this.#session.askForPerson();
    setAttribute(person, "aria-busy", null);
  }

  /** Sends what a button says; the focus goes on before the button is disabled. */
  #reply(event, send) {
    this.#leave(event.currentTarget, event.pointerType === "touch");
    send();
  }

  /** Moves the focus from a control that is going away (null: from wherever it is) to where writing goes on. */
  #leave(control, byTouch = matchMedia("(pointer: coarse)").matches) {
    if (control && this.shadowRoot.activeElement !== control) return;
    const place = byTouch ? this.#parts.scroller : this.#parts.words; // a keyboard that pops up would hide the answer
    place.focus({ preventScroll: true });
  }

  #focusInside() {
    const place = matchMedia("(pointer: coarse)").matches ? this.#parts.title : this.#parts.words;
    place.focus({ preventScroll: true });
  }

  /** Beside the page on a desk; over all of it, as a modal, on a phone. */
  #place() {
    const { panel } = this.#parts;
    if (this.#phone.matches) panel.showModal();
    else panel.setAttribute("open", ""); // show() would take the focus even when the page has only been loaded
  }

  /** The window has become a phone's, or is one no more. */
  #replace() {
    if (!this.#isOpen) return;
    const focused = this.shadowRoot.activeElement;
    this.#parts.panel.close();
    this.#place();
    this.#fitToScreen();
    focused?.focus({ preventScroll: true });
  }

  /** On a phone the panel is what the keyboard leaves visible. */
  #fitToScreen() {
    const view = window.visualViewport;
    const rule = view && this.#phone.matches ? `:host { --view-height: ${view.height}px; --view-top: ${view.offsetTop}px; }` : "";
    this.#sheet.replaceSync(rule);
  }

  #toEnd() {
    if (!this.#parts) return;
    const { scroller, newer } = this.#parts;
    this.#atEnd = true;
    newer.hidden = true;
    const isEmpty = !this.#parts.log.hasChildNodes() && !this.#parts.typing.hasChildNodes();
    scroller.scrollTop = isEmpty ? 0 : scroller.scrollHeight;
  }
}

if (!customElements.get("savoir-chat")) customElements.define("savoir-chat", SavoirChat);

// A site that embeds the chat by the script tag alone writes the attributes there, as data-language, data-firm and so on.
const tag = [...document.scripts].find((script) => script.src === import.meta.url);
if (tag && !document.querySelector("savoir-chat")) {
  const own = Object.entries(tag.dataset).map(([name, value]) => [name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`), value]);
  document.body.append(element("savoir-chat", Object.fromEntries(own)));
}

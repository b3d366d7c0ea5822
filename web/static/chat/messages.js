// Shows the conversation's messages. Each has its own node for good: only what changed is touched, so neither focus nor voice is disturbed.

import { clockTime, copyOf, dayName } from "./copy.js";
import { element, icon, setAttribute, setText, spoken } from "./dom.js";
import { languageOf } from "./language.js";
import { link, markdown, plain } from "./markdown.js";
import { keptPhoto } from "./photo.js";

const GROUP_MINUTES = 5;

/** `container` holds them; `actions`: `press(button)`, `retry()`, `photoAddress(id)`, `server`. */
export class MessageList {
  #container;
  #actions;
  #shown = new Map(); // key → Shown

  constructor(container, actions) {
    this.#container = container;
    this.#actions = actions;
  }

  /** Makes the nodes say what `items` (of Session.items) say. True when a message was added. */
  show(items, language) {
    const rows = withDays(items, language);
    const keys = new Set(rows.map((row) => row.key));
    for (const [key, shown] of this.#shown) {
      if (keys.has(key)) continue;
      shown.node.remove();
      this.#shown.delete(key);
    }
    let hasNew = false;
    let place = this.#container.firstElementChild;
    for (const row of rows) {
      let shown = this.#shown.get(row.key);
      if (!shown) {
        shown = row.day ? new ShownDay() : new ShownMessage(row, this.#actions);
        this.#shown.set(row.key, shown);
        hasNew ||= !row.day;
      }
      shown.update(row, language);
      if (shown.node === place) place = place.nextElementSibling;
      else this.#container.insertBefore(shown.node, place); // moved only when its place is another
    }
    return hasNew;
  }
}

/** The items with a row before each new day, and `follows` on those that continue their author's. */
function withDays(items, language) {
  const rows = [];
  let before = null;
  for (const item of items) {
    const day = new Date(item.at).toDateString();
    if (!before || new Date(before.at).toDateString() !== day) {
      rows.push({ key: `day:${day}`, day: dayName(language, item.at) });
      before = null;
    }
    const isSame = before && before.author === item.author && before.name === item.name;
    rows.push({ ...item, follows: Boolean(isSame && new Date(item.at) - new Date(before.at) < GROUP_MINUTES * 60_000) });
    before = item;
  }
  return rows;
}

class ShownDay {
  node = element("p", { class: "day" });

  update({ day }) {
    setText(this.node, day);
  }
}

class ShownMessage {
  #actions;
  #said = null; // what the body was last made from
  #language = null;
  #body = element("div", { class: "body" });
  #author = element("span", { class: "author" });
  #time = element("time", {});
  #status = element("p", { class: "status", hidden: true });
  #statusSaid = null;
  #buttons = [];

  constructor(item, actions) {
    this.#actions = actions;
    const isLine = item.author === "system" || isLanguageLine(item);
    const who = element("p", { class: isLine ? "who spoken" : "who" }, this.#author, " ", this.#time);
    this.node = element("div", { class: `message from-${isLine ? "system" : item.author}` }, who, this.#body, this.#status);
  }

  update(item, language) {
    const copy = copyOf(language);
    const isLine = item.author === "system" || isLanguageLine(item);
    const name = { customer: copy.you, assistant: copy.assistant, agent: item.name || copy.agent, system: copy.system }[item.author];
    const time = clockTime(language, item.at);
    this.node.classList.toggle("follows", item.follows);
    setText(this.#author, isLine ? copy.system : name);
    setText(this.#time, time);
    setAttribute(this.#time, "datetime", item.at);

    const said = JSON.stringify([item.text, item.buttons, item.cards, item.attachments, item.photoName && !item.attachments, item.attachments && language]);
    if (said !== this.#said) {
      this.#said = said;
      this.#body.replaceChildren(...this.#parts(item, name, time, copy));
    }
    if (language !== this.#language) {
      this.#language = language;
      this.#relabel(item, language, copy);
    }
    this.#updateButtons(item);
    this.#updateStatus(item, language, copy);
  }

  #parts(item, name, time, copy) {
    const parts = [];
    const { server } = this.#actions;
    if (isLanguageLine(item)) {
      this.languageLine = element("p");
      return [this.languageLine];
    }
    for (const attachment of item.attachments ?? []) parts.push(this.#photo(item, attachment, name, time, copy));
    if (item.photoName && !item.attachments) parts.push(this.#ownPhoto(item, copy));
    if (item.text) {
      const bubble = element("div", { class: "bubble", dir: "auto" }, item.author === "customer" ? plain(item.text, server) : markdown(item.text, server));
      parts.push(bubble);
    }
    for (const card of item.cards ?? []) if (card.kind !== "rating") parts.push(cardOf(card, server)); // the component asks itself
    this.#buttons = (item.buttons ?? []).map((button) =>
      element("button", { type: "button", class: "reply", on: { click: (event) => this.#actions.press(button, event) } }, button.title));
    if (this.#buttons.length) parts.push(element("div", { class: "replies", role: "group", "aria-label": copy.quickReplies }, ...this.#buttons));
    return parts;
  }

  #photo(item, { id, width, height }, name, time, copy) {
    const address = this.#actions.photoAddress(id);
    const alt = item.author === "customer" ? copy.photoOfYou(time) : copy.photoOf(name, time);
    const picture = element("img", { src: address, alt, width, height, loading: "lazy", decoding: "async" });
    const frame = element("a", { class: "photo", href: address, target: "_blank", rel: "noopener noreferrer" }, picture, spoken(` (${copy.photoOpens})`));
    picture.addEventListener("error", () => frame.replaceChildren(element("span", { class: "photo-lost" }, copy.photoLost)));
    return frame;
  }

  #ownPhoto(item, copy) {
    const picture = element("img", { alt: copy.photoChosen(item.photoName) });
    keptPhoto(item.id).then((photo) => {
      if (!photo) return;
      const address = URL.createObjectURL(photo);
      picture.addEventListener("load", () => URL.revokeObjectURL(address), { once: true });
      picture.src = address;
    });
    this.progress = element("progress", { max: 1, value: 0, "aria-label": copy.sending });
    return element("div", { class: "photo" }, picture, this.progress);
  }

  #relabel(item, language, copy) {
    const theirs = languageOf(item.text ?? "");
    setAttribute(this.#body, "lang", theirs && theirs !== language ? theirs : null);
    const replies = this.#body.querySelector(".replies");
    if (replies) setAttribute(replies, "aria-label", copy.quickReplies);
    if (this.languageLine) setText(this.languageLine, copy.language(item.text));
  }

  #updateButtons(item) {
    for (const button of this.#buttons) {
      const isChosen = item.chosen === button.textContent;
      if (button.disabled === item.isOpen) {
        if (!item.isOpen) this.#actions.leave(button); // a focused button that is disabled takes the focus with it
        button.disabled = !item.isOpen;
      }
      if (isChosen !== button.classList.contains("chosen")) {
        button.classList.toggle("chosen", isChosen);
        if (isChosen) button.prepend(icon("check"));
        else button.querySelector("svg")?.remove();
      }
    }
  }

  #updateStatus(item, language, copy) {
    if (this.progress) this.progress.value = item.progress ?? 0;
    if (this.progress) this.progress.hidden = item.status !== "sending" || item.progress === undefined;
    let status = item.status;
    if (isLanguageLine(item) && status !== "failed") status = null;
    if (status === "sent" && !item.isLastOwn) status = null;
    const said = JSON.stringify([status, item.until, language]);
    if (said === this.#statusSaid) return;
    this.#statusSaid = said;
    this.node.classList.toggle("unsent", Boolean(status) && status !== "sent");
    this.#status.hidden = !status;
    if (!status) return this.#status.replaceChildren();
    const parts = {
      sending: () => [copy.sending],
      sent: () => [icon("check"), copy.sent],
      waiting: () => [copy.waitingUntil(item.until - Date.now() > 60_000 ? clockTime(language, item.until + 59_000) : null)],
      failed: () => [
        element("span", { class: "failed" }, copy.failed), " ",
        element("button", { type: "button", class: "retry", on: { click: () => this.#actions.retry() } }, copy.retry),
      ],
    };
    const hadFocus = this.#status.contains(this.node.getRootNode().activeElement);
    this.#status.replaceChildren(...parts[status]());
    if (hadFocus) this.#actions.leave(null);
  }
}

function isLanguageLine(item) {
  return item.author === "customer" && String(item.id ?? "").startsWith("language-");
}

function cardOf({ title, lines, url, link_label: label }, server) {
  const parts = [title ? element("p", { class: "card-title" }, title) : null];
  for (const line of lines ?? []) parts.push(element("p", { class: "card-line" }, line));
  if (url) {
    const more = link(label || url, url, server, { class: "card-link" });
    if (more.nodeType === Node.ELEMENT_NODE) more.append(icon("out"));
    parts.push(more.nodeType === Node.ELEMENT_NODE ? more : element("p", { class: "card-line" }, more));
  }
  return element("div", { class: "card", dir: "auto" }, ...parts);
}

// People at work: one's own presence and news, who else looks at the conversation, and the windows that pass it on or put it off.

import { announce, toast } from "./words.js";

const IDLE_MINUTES = 15;
const SEEN_SECONDS = 40;
const GONE_SECONDS = 50;
const PAUSE_SECONDS = 5;
const $ = (id) => document.getElementById(id);
const words = JSON.parse($("people-words").dataset.words);
const say = (key, values = {}) => words[key].replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
const tell = (event) => document.dispatchEvent(new CustomEvent("desk:say", { detail: event }));

// ——— that somebody is at this desk ———

let usedAt = Date.now();
for (const kind of ["pointerdown", "pointermove", "keydown", "scroll"]) {
  addEventListener(kind, () => (usedAt = Date.now()), { passive: true, capture: true });
}
const isUsed = () => Date.now() - usedAt < IDLE_MINUTES * 60_000;
const seen = () => isUsed() && tell({ type: "seen" });
setInterval(seen, SEEN_SECONDS * 1000);

// ——— who else is here ———

const company = new Map();
let shown = "";

function current() {
  return document.querySelector(".thread")?.dataset.conversation ?? "";
}

function hear(event) {
  if (event.conversation !== current()) return;
  if (!event.on) company.delete(event.agent);
  else company.set(event.agent, { name: event.name, isWriting: event.writing, at: Date.now() });
  show();
}

function show() {
  const line = $("company");
  if (!line) return;
  for (const [agent, one] of company) if (Date.now() - one.at > GONE_SECONDS * 1000) company.delete(agent);
  const names = [...company.values()].map((one) => one.name);
  const writer = [...company.values()].find((one) => one.isWriting);
  const isClash = Boolean(writer) && isWriting;
  const text = isClash ? say("clash", { name: writer.name })
    : writer ? say("writing", { name: writer.name })
    : names.length > 1 ? say("here_many", { names: names.join(", ") })
    : names.length ? say("here_one", { name: names[0] }) : "";
  if (line.textContent !== text) line.textContent = text;
  line.classList.toggle("is-clash", isClash);
  line.classList.toggle("is-on", Boolean(text));
}
setInterval(show, 10_000);

let isWriting = false;
let pause = null;

function writes(on) {
  clearTimeout(pause);
  if (on) pause = setTimeout(() => writes(false), PAUSE_SECONDS * 1000);
  if (on === isWriting) return;
  isWriting = on;
  tell({ type: "writing", on });
  show();
}

document.addEventListener("input", (event) => {
  if (event.target.matches("#composer textarea")) writes(Boolean(event.target.value));
});
document.addEventListener("desk:sent", () => writes(false));

document.body.addEventListener("htmx:afterSwap", (event) => {
  const target = event.detail.target;
  if (target.id === "workspace" && current() !== shown) {
    shown = current();
    company.clear();
    isWriting = false;
    show();
  } else if (target.id === "people-form") {
    if (!$("people-dialog").open) $("people-dialog").showModal();
    $("people-form").querySelector("input:not([type=hidden]), textarea")?.focus();
  }
});

// ——— what was done ———

document.body.addEventListener("htmx:afterRequest", (event) => {
  const window_ = event.target.dataset?.closes;
  if (!window_ || !event.detail.successful) return;
  const box = $(window_);
  if (box.close) box.close();
  else box.hidePopover();
  if (window_ === "people-dialog") toast(say("done"), "good");
});

// ——— news ———

let unread = null;

document.body.addEventListener("htmx:afterSettle", (event) => {
  if (event.detail.target.id !== "presence-now") return;
  const count = Number($("open-news").dataset.unread);
  if (unread !== null && count > unread) {
    announce(say("told"));
    toast(say("told"), "good");
  }
  unread = count;
});

document.addEventListener("desk:said", ({ detail }) => {
  if (detail.type === "ready") seen();
  else if (detail.type === "here") hear(detail);
  else if (detail.type === "told") htmx.trigger(document.body, "desk:told");
});
document.addEventListener("change", (event) => {
  if (event.target.name === "moment") event.target.closest("form").elements.until.value = "time";
});
shown = current();

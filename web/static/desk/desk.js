// The desk's page: fetches what changed, and keeps place, focus and half-written text while it does.

import "./composer.js";
import { keepAssist, wasHelped } from "./assist.js";
import { freshen } from "./canned.js";
import { listenForKeys } from "./keys.js";
import { machine } from "./memory.js";
import { chime, keepPreferences, notify } from "./preferences.js";
import { Stream } from "./stream.js";
import { keepTimes } from "./times.js";
import { announce, banner, say, toast } from "./words.js";

const TYPING_SECONDS = 7;
const ARMED_MILLISECONDS = 5000;
const $ = (id) => document.getElementById(id);
const thread = () => document.querySelector(".thread");
const current = () => thread()?.dataset.conversation ?? "";
const lastSeq = () => Number($("log")?.querySelector(".message:last-of-type")?.dataset.seq ?? 0);
const refreshTimes = keepTimes();

// ——— fetching what changed ———

/** Runs `work` soon, once for many calls. */
function soon(work, milliseconds = 80) {
  let timer = null;
  return () => {
    timer ??= setTimeout(() => {
      timer = null;
      work();
    }, milliseconds);
  };
}

const fetchLists = soon(() => htmx.trigger($("lists"), "desk:lists"));
const fetchAssist = soon(() => $("assist") && htmx.trigger($("assist"), "desk:assist"), 300);
const fetchNews = soon(() => $("news") && htmx.trigger($("news"), "desk:news"), 20);

function catchUp() {
  fetchLists();
  fetchNews();
}

document.body.addEventListener("htmx:configRequest", (event) => {
  const { elt, parameters } = event.detail;
  if (elt.id === "lists") {
    parameters.list = elt.dataset.list;
    parameters.selected = current();
  } else if (elt.id === "news") {
    parameters.after = lastSeq();
  }
});

// ——— after something came ———

let wasAtEnd = true; // as it was before the swap that comes
let isPinned = true; // the end is in sight and stays so while photos load or the composer grows
let heightBefore = 0;

const isAtEnd = (log) => log.scrollHeight - log.scrollTop - log.clientHeight < 90;

function toEnd() {
  const log = $("log");
  if (!log) return;
  log.scrollTop = log.scrollHeight;
  isPinned = true;
  $("to-end").hidden = true;
}

document.body.addEventListener("htmx:beforeSwap", (event) => {
  const log = $("log");
  if (!log) return;
  wasAtEnd = isAtEnd(log);
  heightBefore = log.scrollHeight;
  if (event.detail.target.id === "earlier") log.setAttribute("aria-live", "off");
});

document.body.addEventListener("htmx:afterSwap", (event) => {
  const target = event.detail.target;
  if (target.id === "workspace") showConversation();
  else if (target.id === "log") showNews();
  else if (target.id === "earlier") keepPlace();
  else if (target.id === "lists") showLists();
  refreshTimes();
});

function showConversation() {
  const id = current();
  document.body.dataset.step = id ? "thread" : "lists";
  stream.watch(id);
  document.body.classList.remove("context-open");
  resized.disconnect();
  if ($("log")) resized.observe($("log"));
  toEnd();
  markRead();
  markCurrent();
  showTitle();
  customerTypes(false);
  if (matchMedia("(max-width: 760px)").matches) $("thread-title")?.focus({ preventScroll: true });
}

function showNews() {
  const log = $("log");
  let isNew = false;
  const seen = new Set();
  for (const message of log.querySelectorAll(".message")) {
    if (seen.has(message.id)) message.remove();
    seen.add(message.id);
  }
  log.querySelector(".no-message")?.toggleAttribute("hidden", Boolean(seen.size));
  const newest = log.querySelector(".message:last-of-type");
  isNew = log.scrollHeight > heightBefore;
  if (newest?.dataset.author === "customer") {
    customerTypes(false);
    if (isNew) notify(say("notify_message", { name: $("thread-head").dataset.name }), current());
  }
  if (isNew) {
    freshen();
    fetchAssist();
  }
  if (wasAtEnd) toEnd();
  else if (isNew) $("to-end").hidden = false;
  if ($("composer").update() && document.activeElement === document.body) $("composer").write("reply");
  $("show-context").setAttribute("aria-expanded", String(document.body.classList.contains("context-open")));
  markRead();
  showTitle();
  if (Number($("thread-head").dataset.last) > lastSeq()) fetchNews();
}

function keepPlace() {
  const log = $("log");
  log.scrollTop += log.scrollHeight - heightBefore;
  requestAnimationFrame(() => log.removeAttribute("aria-live"));
}

// ——— lists ———

let known = null;

function showLists() {
  const waiting = JSON.parse($("lists").dataset.waiting);
  if (known) {
    const arrived = waiting.filter(([id]) => !known.has(id));
    if (arrived.length) {
      const more = arrived.length > 1 ? ` ${say("waiting_many", { count: arrived.length - 1 })}` : "";
      announce(say("waiting_one", { name: arrived[0][1] }) + more);
      chime();
      notify(say("notify_body", { name: arrived[0][1] }), "waiting", () => $(`item-${arrived[0][0]}`)?.click());
    }
  }
  known = new Set(waiting.map(([id]) => id));
  for (const item of document.querySelectorAll("#lists .item")) {
    const { conversation, last, author } = item.dataset;
    const isRead = author !== "customer" || Number(machine.get(`read:${conversation}`) ?? 0) >= Number(last) || conversation === current();
    $(`unread-${conversation}`).hidden = isRead;
    item.classList.toggle("is-unread", !isRead);
  }
  markCurrent();
  showTitle();
}

function markCurrent() {
  for (const item of document.querySelectorAll("#lists .item")) {
    if (item.dataset.conversation === current()) item.setAttribute("aria-current", "true");
    else item.removeAttribute("aria-current");
  }
}

function markRead() {
  const id = current();
  if (!id || document.visibilityState !== "visible") return;
  machine.set(`read:${id}`, String(lastSeq()));
  const mark = $(`unread-${id}`);
  if (mark) {
    mark.hidden = true;
    mark.closest(".item").classList.remove("is-unread");
  }
}

function showTitle() {
  const count = JSON.parse($("lists").dataset.waiting).length;
  const name = $("thread-head")?.dataset.name;
  document.title = `${count ? `(${count}) ` : ""}${name ? `${name} · ` : ""}${say("title")}`;
}

document.addEventListener("click", (event) => {
  const list = event.target.closest("a[data-list]");
  if (!list || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  event.preventDefault();
  $("lists").dataset.list = list.dataset.list;
  for (const one of document.querySelectorAll("a[data-list]")) one.toggleAttribute("aria-current", false);
  list.setAttribute("aria-current", "true");
  const address = new URL(location.href);
  address.searchParams.set("list", list.dataset.list);
  history.replaceState(history.state, "", address);
  htmx.trigger($("lists"), "desk:lists");
});

// ——— what the connection says ———

let typingTimer = null;

function customerTypes(on, name = "") {
  clearTimeout(typingTimer);
  const line = $("typing");
  if (!line) return;
  line.textContent = on ? say("typing", { name: name || $("thread-head").dataset.name }) : "";
  line.classList.toggle("is-on", on);
  if (on) typingTimer = setTimeout(() => customerTypes(false), TYPING_SECONDS * 1000);
}

function showState(state) {
  $("connection").dataset.state = state;
  if (state === "over") return sessionOver();
  if (state === "lost") {
    lostTimer ??= setTimeout(() => banner(say("stale")), 1500);
    return;
  }
  clearTimeout(lostTimer);
  lostTimer = null;
  if (!$("banner").hidden) {
    banner("");
    announce(say("back"));
  }
}

let lostTimer = null;

function sessionOver() {
  clearTimeout(lostTimer);
  const back = encodeURIComponent(location.pathname + location.search);
  banner(say("signed_out"), { href: `/desk/sign-in?next=${back}`, text: say("sign_in") });
}

const stream = new Stream(
  {
    state: showState,
    catchUp,
    event(event) {
      if (event.type === "changed") {
        fetchLists();
        if (event.conversation === current()) fetchNews();
      } else if (event.type === "typing" && event.conversation === current() && event.author !== "assistant") {
        customerTypes(event.on, event.name);
      }
    },
  },
  Number(document.body.dataset.heartbeat),
);

// ——— what the agent does ———

// heard on the request itself: its form may be gone from the page when the answer comes
document.body.addEventListener("htmx:beforeSend", (event) => {
  const { xhr, requestConfig } = event.detail;
  const form = event.target;
  const isChange = requestConfig.verb === "post";
  xhr.addEventListener("load", () => {
    if (xhr.status >= 400) wasRefused(xhr);
    else if (isChange) wasSent(form);
    if (isChange) catchUp();
  });
  xhr.addEventListener("error", () => isChange && toast(say("offline")));
});

function wasSent(form) {
  if (form.dataset.action === "take") $("composer")?.show("reply");
  wasHelped(form, fetchAssist);
  if (!form.matches("form.write")) return;
  toEnd();
  announce(say(form.dataset.mode === "note" ? "noted" : "sent"));
}

function wasRefused(xhr) {
  let problem = {};
  try {
    problem = JSON.parse(xhr.responseText);
  } catch {
    // a proxy's own page: the sentence below says enough
  }
  if (problem.code === "signed-out") stream.end();
  else toast(problem.detail ?? say("failed"));
}

// a button that asks to be sure: the first press arms it, the second within five seconds acts
document.addEventListener(
  "click",
  (event) => {
    const button = event.target.closest("button[data-confirm]");
    if (!button || button.dataset.armed) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const label = button.querySelector("[data-label]");
    const text = label.textContent;
    button.dataset.armed = "true";
    label.textContent = say("sure");
    announce(say("sure"));
    const disarm = () => {
      clearTimeout(timer);
      button.removeEventListener("blur", disarm);
      delete button.dataset.armed;
      label.textContent = text;
    };
    const timer = setTimeout(disarm, ARMED_MILLISECONDS);
    button.addEventListener("blur", disarm);
  },
  true,
);

document.addEventListener("click", (event) => {
  if (event.target.closest("#to-end")) toEnd();
  const toggle = event.target.closest("#show-context, #hide-context");
  if (toggle) showContext(toggle.id === "show-context" && !document.body.classList.contains("context-open"));
});

function showContext(on) {
  document.body.classList.toggle("context-open", on);
  $("show-context").setAttribute("aria-expanded", String(on));
  $(on ? "hide-context" : "show-context").focus();
}

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && document.body.classList.contains("context-open") && event.target.closest("#context")) showContext(false);
});

const resized = new ResizeObserver(() => isPinned && toEnd());
document.body.addEventListener("scroll", (event) => {
  if (event.target.id !== "log") return;
  isPinned = isAtEnd(event.target);
  if (isPinned) $("to-end").hidden = true;
}, true);
document.body.addEventListener("load", (event) => event.target.closest?.("#log") && isPinned && toEnd(), true);
document.body.addEventListener("desk:typing", (event) => stream.send({ type: "typing", on: event.detail.on }));
document.addEventListener("visibilitychange", markRead);

keepPreferences();
keepAssist(() => document.body.classList.contains("context-open") && showContext(false));
listenForKeys();
showLists();
if (current()) showConversation();

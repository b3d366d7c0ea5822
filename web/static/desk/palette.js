// Every command by its name: Ctrl or ⌘ and K.

import { open as openCanned } from "./canned.js";
import { useSuggestion } from "./insert.js";
import { say, words } from "./words.js";

const $ = (id) => document.getElementById(id);
const bare = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
const isThere = (element) => Boolean(element && !element.disabled && element.getClientRects().length);
const name = (code, values = {}) => (words.commands[code] ?? code).replace("{name}", values.name ?? "");

let shown = [];
let at = 0;

/** Shows the customer's details, wherever they are hidden. */
export function showContext() {
  const toggle = $("show-context");
  if (isThere(toggle) && toggle.getAttribute("aria-expanded") !== "true") toggle.click();
  else $("context")?.focus();
}

function inContext(id) {
  showContext();
  $(id)?.scrollIntoView({ block: "center" });
  $(id)?.focus();
}

/** What can be done now: `[name, key, work]`. */
function commands(steps) {
  const all = [];
  const add = (text, key, work) => all.push([text, key, work]);
  for (const button of document.querySelectorAll(".actions form button")) {
    if (isThere(button)) add(button.textContent.trim(), button.getAttribute("aria-keyshortcuts") ?? "", () => (button.focus(), button.click()));
  }
  if ($("composer")) {
    add(name("reply"), "r", () => $("composer").write("reply"));
    add(name("note"), "n", () => $("composer").write("note"));
    if (isThere($("open-canned"))) add(name("canned"), "/", openCanned);
    if (isThere($("open-articles"))) add(name("articles"), "a", () => $("open-articles").click());
    if (isThere($("choose-photo"))) add(name("photo"), "", () => $("choose-photo").click());
    if (isThere($("use-suggestion"))) {
      add(name("suggestion"), "s", useSuggestion);
      add(name("refuse"), "", () => $("refuse-suggestion").click());
    }
    add(name("context"), "c", showContext);
    add(name("correct"), "", () => inContext("correct-category-value"));
    add(name("pdf"), "", () => $("transcript-pdf").click());
    add(name("mail"), "", () => inContext("transcript-to"));
  }
  add(name("next"), "j", () => steps(1));
  add(name("previous"), "k", () => steps(-1));
  for (const list of document.querySelectorAll("a[data-list]")) {
    add(name("list", { name: list.querySelector(".list-title").textContent }), "", () => list.click());
  }
  for (const page of document.querySelectorAll(".top a.button[href]")) add(name("page", { name: page.textContent.trim() }), "", () => page.click());
  for (const item of document.querySelectorAll("#lists .item")) {
    add(name("conversation", { name: item.querySelector(".item-name").textContent.trim() }), "", () => item.click());
  }
  add(name("settings"), "", () => $("account").showPopover());
  add(name("keys"), "?", () => $("shortcuts-dialog").showModal());
  return all;
}

function draw() {
  const list = $("palette-list");
  list.replaceChildren(
    ...shown.map(([text, key], number) => {
      const item = document.createElement("li");
      item.id = `command-${number}`;
      item.setAttribute("role", "option");
      item.setAttribute("aria-selected", String(number === at));
      item.append(text);
      if (key) {
        const keys = document.createElement("kbd");
        keys.textContent = key;
        item.append(" ", keys);
      }
      item.addEventListener("click", () => run(number));
      return item;
    }),
  );
  const search = $("palette-search");
  if (shown.length) search.setAttribute("aria-activedescendant", `command-${at}`);
  else search.removeAttribute("aria-activedescendant");
  $(`command-${at}`)?.scrollIntoView({ block: "nearest" });
}

function run(number) {
  const chosen = shown[number];
  $("palette").close();
  if (chosen) setTimeout(chosen[2]);
}

/** Wires the palette; `steps(by)` goes through the list of conversations. */
export function keepPalette(steps) {
  let all = [];
  const search = $("palette-search");
  const filter = () => {
    const wanted = bare(search.value).split(/\s+/).filter(Boolean);
    shown = all.filter(([text]) => wanted.every((word) => bare(text).includes(word)));
    at = 0;
    draw();
    $("palette-said").textContent = shown.length ? say("palette_count", { count: shown.length }) : say("palette_none");
  };
  search.addEventListener("input", filter);
  search.addEventListener("keydown", (event) => {
    const last = shown.length - 1;
    if (event.key === "ArrowDown") at = at >= last ? 0 : at + 1;
    else if (event.key === "ArrowUp") at = at <= 0 ? last : at - 1;
    else if (event.key === "Enter" && !event.isComposing) {
      event.preventDefault();
      return run(at);
    } else return;
    event.preventDefault();
    draw();
  });
  return () => {
    if (document.querySelector("dialog[open]")) return;
    all = commands(steps);
    search.value = "";
    $("palette").showModal();
    filter();
    search.focus();
  };
}

// Letters as shortcuts: never while one types or a window is open, and only if the agent wants them.

import { open as openCanned } from "./canned.js";
import { useSuggestion } from "./insert.js";
import { machine } from "./memory.js";
import { keepPalette, showContext } from "./palette.js";

const isOn = () => machine.get("shortcuts") !== "off";

function isTyping(target) {
  return target.closest("input, textarea, select, [contenteditable]") || document.querySelector("dialog[open], [popover]:popover-open");
}

function press(id) {
  const button = document.getElementById(id);
  if (!button || button.disabled) return false;
  button.focus();
  button.click();
  return true;
}

function step(by) {
  const items = [...document.querySelectorAll("#lists .item")];
  if (!items.length) return;
  const at = items.findIndex((item) => item.getAttribute("aria-current") === "true");
  const next = items[at < 0 ? (by > 0 ? 0 : items.length - 1) : Math.min(items.length - 1, Math.max(0, at + by))];
  next.focus();
  if (next !== items[at]) next.click();
}

const KEYS = {
  j: () => step(1),
  k: () => step(-1),
  t: () => press("do-take"),
  e: () => press("do-resolve"),
  r: () => document.getElementById("composer")?.write("reply"),
  n: () => document.getElementById("composer")?.write("note"),
  a: () => press("open-articles"),
  c: () => showContext(),
  s: () => useSuggestion(),
  "/": () => openCanned(),
  "?": () => document.getElementById("shortcuts-dialog").showModal(),
};

export function listenForKeys() {
  const openPalette = keepPalette(step);
  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && event.key.toLowerCase() === "k" && isOn()) {
      event.preventDefault();
      openPalette();
      return;
    }
    if (event.key === "Escape" && event.target.matches("textarea")) {
      document.getElementById("log")?.focus();
      return;
    }
    if (!isOn() || event.ctrlKey || event.metaKey || event.altKey || event.repeat || isTyping(event.target)) return;
    const act = KEYS[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });
}

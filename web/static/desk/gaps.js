// Keys of the page on what the knowledge lacks: j and k move from card to card, a, s and d press what bears the key in the card.

import { machine } from "./memory.js";

const cards = () => [...document.querySelectorAll(".gap")];

if (machine.get("shortcuts") === "off") {
  document.documentElement.classList.add("no-keys");
} else {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || event.target.closest("input, textarea, select")) return;
    const all = cards();
    const at = all.findIndex((card) => card.contains(document.activeElement));
    if (event.key === "j" || event.key === "k") {
      const next = all[at < 0 ? 0 : Math.min(all.length - 1, Math.max(0, at + (event.key === "j" ? 1 : -1)))];
      next?.focus();
      next?.scrollIntoView({ block: "nearest" });
    } else if (["a", "s", "d"].includes(event.key) && at >= 0) {
      const within = document.activeElement.closest("form, .gap-samples > li") ?? all[at];
      const button = within.querySelector(`[data-key="${event.key}"]`) ?? all[at].querySelector(`[data-key="${event.key}"]`);
      if (!button) return;
      button.focus();
      button.click();
    } else {
      return;
    }
    event.preventDefault();
  });
}

// What the page says by script, in the agent's language, and the two voices it has for that.

export const words = JSON.parse(document.body.dataset.words ?? "{}");

/** The sentence, with `{name}` filled in. */
export function say(key, values = {}) {
  return (words[key] ?? key).replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));
}

/** Tells a screen reader, politely; nothing is seen. */
export function announce(text) {
  const region = document.getElementById("announce");
  region.textContent = "";
  requestAnimationFrame(() => (region.textContent = text));
}

/** Shows a message for some seconds: `kind` is "bad" or "good". */
export function toast(text, kind = "bad") {
  const region = document.getElementById("toasts");
  for (const shown of region.children) if (shown.textContent === text) shown.remove();
  const item = document.createElement("p");
  item.className = `toast ${kind}`;
  item.textContent = text;
  region.append(item);
  setTimeout(() => item.remove(), kind === "bad" ? 9000 : 4000);
}

/** Shows the line under the top that stays until it is untrue; `link` leads out of it. */
export function banner(text, link = null) {
  const line = document.getElementById("banner");
  line.replaceChildren(...(text ? [text] : []));
  if (link) {
    const anchor = document.createElement("a");
    anchor.href = link.href;
    anchor.textContent = link.text;
    line.append(" ", anchor);
  }
  line.hidden = !text;
}

// Puts text into the reply where the caret stands, and remembers where it came from so that it can be counted.

import { announce, say } from "./words.js";

const GAP = /\[(?:prénom|first name|numéro de commande|order number|votre prénom|your first name|enseigne|firm)\]/;
const field = (name) => document.querySelector(`form.write.reply input[name=${name}]`);

/** The reply's text area, if one may write in it. */
export function replyText() {
  const text = document.getElementById("reply-text");
  return text && !text.disabled && !text.readOnly ? text : null;
}

/** Puts `text` in, in the place of what stands between `from` and `to` (the caret's place, else). The first gap in it is selected. */
export function insert(text, from = null, to = null) {
  const area = replyText();
  if (!area) return false;
  document.getElementById("composer").show("reply");
  const start = from ?? area.selectionStart;
  const end = to ?? area.selectionEnd;
  const before = area.value.slice(0, start);
  const lead = before && !/\s$/.test(before) ? " " : "";
  area.setRangeText(lead + text, start, end, "end");
  area.focus();
  const gap = GAP.exec(text);
  if (gap) area.setSelectionRange(start + lead.length + gap.index, start + lead.length + gap.index + gap[0].length);
  area.dispatchEvent(new Event("input", { bubbles: true }));
  announce(gap ? say("gap", { gap: gap[0] }) : say("inserted"));
  return true;
}

/** The gap that still stands in a text, or null. */
export const gapIn = (text) => GAP.exec(text)?.[0] ?? null;

/** Remembers what the reply was made of: sent with it, forgotten with it. */
export function remember(values) {
  for (const [name, value] of Object.entries(values)) if (field(name)) field(name).value = value;
}

/** Nothing of what was put in is left. */
export function forget() {
  remember({ suggested_seq: "", suggested_source: "", suggested_reference: "", suggested_text: "", canned: "" });
}

/** Puts the suggested reply in, if there is one. */
export function useSuggestion() {
  const button = document.getElementById("use-suggestion");
  if (!button || !button.offsetParent || !replyText()) return false;
  const { seq, source, reference, text } = button.dataset;
  remember({ suggested_seq: seq, suggested_source: source, suggested_reference: reference, suggested_text: text });
  if (source === "canned") remember({ canned: reference });
  return insert(text);
}

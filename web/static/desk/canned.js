// Canned replies: `/` at the beginning of a word opens the list, letters narrow it down, Enter puts one in.

import { insert, remember, replyText } from "./insert.js";
import { announce, say } from "./words.js";

const TYPED = /(?:^|\s)\/([\p{L}\p{N}-]*)$/u;
const MOST = 8;
const bare = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
const $ = (id) => document.getElementById(id);

let replies = null;
let ofConversation = "";
let shown = [];
let at = 0;

async function load(conversation) {
  if (replies && ofConversation === conversation) return;
  const answer = await fetch(`/desk/conversations/${conversation}/replies`, { headers: { "HX-Request": "true" } });
  if (!answer.ok) return;
  replies = (await answer.json()).replies;
  ofConversation = conversation;
}

/** Forget what was fetched: names and orders may have become known. */
export function freshen() {
  replies = null;
}

export const isOpen = () => Boolean($("canned") && !$("canned").hidden);

export function close() {
  const box = $("canned");
  if (!box || box.hidden) return;
  box.hidden = true;
  $("reply-text").removeAttribute("aria-activedescendant");
}

function typed(area) {
  return TYPED.exec(area.value.slice(0, area.selectionStart));
}

/** What fits the letters: shortcuts that begin so, then those and titles that hold them. */
function fitting(letters) {
  const wanted = bare(letters);
  const rank = (reply) => {
    if (bare(reply.shortcut).startsWith(wanted)) return 0;
    return bare(`${reply.shortcut} ${reply.title}`).includes(wanted) ? 1 : 2;
  };
  return replies.filter((reply) => rank(reply) < 2).sort((one, other) => rank(one) - rank(other)).slice(0, MOST);
}

function draw() {
  $("canned-list").replaceChildren(
    ...shown.map((reply, number) => {
      const item = document.createElement("li");
      item.id = `canned-${number}`;
      item.role = "option";
      item.setAttribute("role", "option");
      item.setAttribute("aria-selected", String(number === at));
      const name = document.createElement("strong");
      name.textContent = `/${reply.shortcut}`;
      const title = document.createElement("span");
      title.className = "canned-title";
      title.textContent = reply.title;
      const text = document.createElement("span");
      text.className = "canned-text";
      text.textContent = reply.text;
      item.append(name, " ", title, text);
      item.addEventListener("pointerdown", (event) => event.preventDefault());
      item.addEventListener("click", () => choose(number));
      return item;
    }),
  );
  $("reply-text").setAttribute("aria-activedescendant", `canned-${at}`);
  $(`canned-${at}`)?.scrollIntoView({ block: "nearest" });
}

/** Opens, narrows down or closes the list, as the text before the caret says. */
export async function look(conversation) {
  const area = replyText();
  if (!area || !typed(area)) return close();
  await load(conversation);
  const found = typed(area);
  if (!found || !replies) return close();
  shown = fitting(found[1]);
  at = 0;
  if (!shown.length) {
    close();
    if (found[1]) announce(say("canned_none"));
    return;
  }
  if ($("canned").hidden) announce(say("canned_count", { count: shown.length }));
  $("canned").hidden = false;
  draw();
}

/** Types the stroke that opens the list. */
export function open() {
  const area = replyText();
  if (!area) return;
  $("composer").show("reply");
  area.focus();
  if (!typed(area)) {
    const lead = area.selectionStart && !/\s$/.test(area.value.slice(0, area.selectionStart)) ? " /" : "/";
    area.setRangeText(lead, area.selectionStart, area.selectionEnd, "end");
  }
  area.dispatchEvent(new Event("input", { bubbles: true }));
}

function choose(number) {
  const area = replyText();
  const found = area && typed(area);
  close();
  if (!found) return;
  remember({ canned: shown[number].id });
  insert(shown[number].text, area.selectionStart - found[1].length - 1, area.selectionStart);
}

/** A key while the list is open: whether it was the list's. */
export function key(event) {
  if (!isOpen() || event.isComposing) return false;
  if (event.key === "Escape") close();
  else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    at = (at + (event.key === "ArrowDown" ? 1 : shown.length - 1)) % shown.length;
    draw();
  } else if ((event.key === "Enter" && !event.ctrlKey && !event.metaKey && !event.shiftKey) || event.key === "Tab") choose(at);
  else return false;
  event.preventDefault();
  event.stopPropagation();
  return true;
}

// The chat's furniture: launcher, header, log, composer. Made once; `relabel` changes the words in place.

import { copyOf } from "./copy.js";
import { element, icon, setAttribute, setText, spoken } from "./dom.js";
import { KINDS } from "./photo.js";

/** Everything that the element moves about, by name. */
export function furnish() {
  const parts = {
    badge: element("span", { class: "badge", hidden: true, "aria-hidden": "true" }),
    launcherWord: element("span", { class: "launcher-word" }),
    news: element("p", { class: "spoken", role: "status" }),
    mark: element("span", { class: "mark", "aria-hidden": "true" }, icon("assistant")),
    title: element("h2", { class: "title", id: "title", tabindex: -1 }),
    subtitle: element("p", { class: "subtitle" }),
    other: element("button", { type: "button", class: "plain language" }),
    close: element("button", { type: "button", class: "plain close" }, icon("close")),
    standing: element("p", { class: "standing", role: "status", tabindex: -1 }),
    personWord: element("span"),
    notice: element("p", { class: "notice" }),
    noticeTitle: element("h3", { class: "notice-title" }),
    fine: element("p", { class: "fine" }),
    starters: element("div", { class: "starters", role: "group" }),
    expired: element("p", { class: "expired", role: "status" }),
    log: element("div", { class: "log", role: "log", "aria-live": "polite", "aria-relevant": "additions" }),
    typing: element("p", { class: "typing", role: "status" }),
    afterwards: element("div", { class: "afterwards" }),
    newerWord: element("span"),
    fault: element("p", { class: "fault", role: "alert" }),
    previewPicture: element("img", { alt: "" }),
    previewWord: element("span"),
    unpick: element("button", { type: "button", class: "plain unpick" }, icon("close")),
    label: element("label", { class: "spoken", for: "words" }),
    words: element("textarea", { id: "words", rows: 1, autocomplete: "off", enterkeyhint: "send", "aria-describedby": "counter" }),
    pick: element("button", { type: "button", class: "plain pick" }, icon("photo")),
    file: element("input", { type: "file", accept: KINDS.join(","), hidden: true, tabindex: -1 }),
    send: element("button", { type: "submit", class: "send" }, icon("send")),
    counter: element("p", { class: "counter", id: "counter", role: "status" }),
    dropWord: element("p"),
  };
  parts.launcher = element("button", { type: "button", class: "launcher", "aria-haspopup": "dialog" }, icon("chat"), parts.launcherWord, parts.badge);
  parts.person = element("button", { type: "button", class: "person" }, icon("person"), parts.personWord);
  parts.people = element("div", { class: "people" }, parts.standing, parts.person);
  parts.intro = element(
    "section", { class: "intro" },
    parts.noticeTitle, parts.notice, parts.fine, parts.starters,
  );
  parts.scroller = element(
    "div", { class: "scroller", tabindex: 0, role: "region" },
    parts.intro, parts.expired, parts.log, parts.typing, parts.afterwards,
  );
  parts.newer = element("button", { type: "button", class: "newer", hidden: true }, icon("down"), parts.newerWord);
  parts.preview = element("div", { class: "preview", hidden: true }, parts.previewPicture, parts.previewWord, parts.unpick);
  parts.grow = element("div", { class: "grow" }, parts.words);
  parts.composer = element(
    "form", { class: "composer" },
    parts.fault, parts.preview,
    element("div", { class: "field" }, parts.label, parts.pick, parts.file, parts.grow, parts.send),
    parts.counter,
  );
  parts.panel = element(
    "dialog", { class: "panel" },
    element("div", { class: "top" }, parts.mark,
      element("div", { class: "names" }, parts.title, parts.subtitle), parts.other, parts.close),
    parts.people, parts.scroller, element("div", { class: "newer-place" }, parts.newer), parts.composer,
    element("div", { class: "drop", "aria-hidden": "true" }, icon("photo"), parts.dropWord),
  );
  parts.root = element("div", { class: "root", hidden: true }, parts.launcher, parts.news, parts.panel);
  return parts;
}

/** Puts the words of a language everywhere that does not depend on the conversation. */
export function relabel(parts, { language, firm, privacyAddress, start }) {
  const copy = copyOf(language);
  const other = language === "fr" ? "en" : "fr";
  setAttribute(parts.root, "lang", language);
  setText(parts.launcherWord, copy.launcher);
  setText(parts.title, firm || copy.title);
  setAttribute(parts.panel, "aria-label", copy.dialog(firm));
  setText(parts.other, copy.otherLanguage);
  setAttribute(parts.other, "lang", other);
  for (const [part, words] of [[parts.close, copy.close], [parts.unpick, copy.removePhoto], [parts.pick, copy.addPhoto], [parts.send, copy.send]]) {
    setAttribute(part, "aria-label", words);
    setAttribute(part, "title", words);
  }
  setText(parts.personWord, copy.talkToPerson);
  setText(parts.noticeTitle, firm ? copy.noticeTitleOf(firm) : copy.noticeTitle);
  setText(parts.notice, copy.notice);
  parts.fine.replaceChildren(copy.noCard);
  if (privacyAddress) {
    parts.fine.append(" ", element("a", { href: privacyAddress, target: "_blank", rel: "noopener" }, copy.privacy, spoken(` (${copy.photoOpens})`)));
  }
  setAttribute(parts.starters, "aria-label", copy.startersLabel);
  parts.starters.replaceChildren(
    ...copy.starters.map((words) => element("button", { type: "button", class: "reply", on: { click: (event) => start(words, event) } }, words)),
  );
  setAttribute(parts.scroller, "aria-label", copy.history);
  setAttribute(parts.log, "aria-label", copy.log);
  setText(parts.newerWord, copy.newMessages);
  setText(parts.label, copy.composer);
  setAttribute(parts.words, "placeholder", copy.placeholder);
  setText(parts.dropWord, copy.dropHere);
}

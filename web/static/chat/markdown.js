// A small, safe Markdown subset as DOM nodes: paragraphs, lists, bold, italic, code, links. Text is never taken as HTML.

import { element } from "./dom.js";

const SAFE = new Set(["http:", "https:", "mailto:", "tel:"]);
// Every repetition is bounded, so that no text, however odd, takes long.
const INLINE = new RegExp(
  [
    "`([^`\\n]{1,500})`",
    "\\[([^\\[\\]\\n]{1,300})\\]\\(([^()\\s]{1,1000}(?:\\([^()\\s]{0,200}\\)[^()\\s]{0,500})?)\\)",
    "\\*\\*(?=\\S)([^\\n]{1,1000}?)(?<=\\S)\\*\\*",
    "(?<![\\p{L}\\p{N}*])\\*(?=[^\\s*])([^*\\n]{1,1000}?)(?<=\\S)\\*(?![\\p{L}\\p{N}*])",
    "(?<![\\p{L}\\p{N}_])_(?=[^\\s_])([^_\\n]{1,1000}?)(?<=\\S)_(?![\\p{L}\\p{N}_])",
    "(https?:\\/\\/[^\\s<>\"'`*]{1,1000})",
  ].join("|"),
  "gu",
);
const ITEM = /^\s{0,3}(?:([-*•])|(\d{1,3})[.)])\s+(.*)$/;

/** The address if it is absolute http, https, mailto or tel, or a path of `server`; otherwise null. */
export function safeAddress(address, server) {
  const text = String(address ?? "").trim();
  try {
    const parsed = text.startsWith("/") && server ? new URL(text, server) : new URL(text);
    return SAFE.has(parsed.protocol) ? parsed.href : null;
  } catch {
    return null;
  }
}

/** A link that opens beside the page, or the bare label where the address is not a safe one. */
export function link(label, address, server, attributes = {}) {
  const href = safeAddress(address, server);
  if (href === null) return document.createTextNode(label);
  const beside = href.startsWith("http") ? { target: "_blank", rel: "noopener noreferrer" } : {};
  return element("a", { href, ...beside, ...attributes }, label);
}

/** Markdown as a fragment. */
export function markdown(text, server) {
  const fragment = document.createDocumentFragment();
  let paragraph = [];
  let list = null;
  const endParagraph = () => {
    if (paragraph.length) fragment.append(lines("p", paragraph, server));
    paragraph = [];
  };
  for (const line of String(text).split(/\r?\n/)) {
    const item = ITEM.exec(line);
    if (item) {
      endParagraph();
      const name = item[1] ? "ul" : "ol";
      if (list?.localName !== name) {
        list = element(name, item[2] && item[2] !== "1" ? { start: item[2] } : {});
        fragment.append(list);
      }
      list.append(element("li", {}, ...inline(item[3], server)));
    } else if (line.trim() === "") {
      endParagraph();
    } else {
      list = null;
      paragraph.push(line.replace(/^#{1,6}\s+/, ""));
    }
  }
  endParagraph();
  return fragment;
}

/** What a customer wrote, as they wrote it: paragraphs and line breaks, addresses as links, no Markdown. */
export function plain(text, server) {
  const fragment = document.createDocumentFragment();
  for (const part of String(text).split(/\n{2,}/)) fragment.append(lines("p", part.split("\n"), server, addresses));
  return fragment;
}

function lines(name, texts, server, inside = inline) {
  const block = element(name);
  texts.forEach((text, index) => {
    if (index) block.append(element("br"));
    block.append(...inside(text, server));
  });
  return block;
}

function inline(text, server, depth = 0) {
  const nodes = [];
  let from = 0;
  for (const match of text.matchAll(INLINE)) {
    const [whole, code, label, address, bold, starred, underlined, bare] = match;
    if (match.index > from) nodes.push(text.slice(from, match.index));
    from = match.index + whole.length;
    const inner = (part) => (depth < 3 ? inline(part, server, depth + 1) : [part]);
    if (code !== undefined) nodes.push(element("code", {}, code));
    else if (label !== undefined) nodes.push(link(label, address, server));
    else if (bold !== undefined) nodes.push(element("strong", {}, ...inner(bold)));
    else if (bare !== undefined) nodes.push(...bareLink(bare, server));
    else nodes.push(element("em", {}, ...inner(starred ?? underlined)));
  }
  if (from < text.length) nodes.push(text.slice(from));
  return nodes;
}

function addresses(text, server) {
  return text.split(/(https?:\/\/[^\s<>"'`]{1,1000})/).flatMap((part, index) => (index % 2 ? bareLink(part, server) : part ? [part] : []));
}

function bareLink(address, server) {
  const end = /[.,;:!?)\]]+$/.exec(address)?.[0] ?? "";
  const bare = address.slice(0, address.length - end.length);
  return end ? [link(bare, bare, server), end] : [link(bare, bare, server)];
}

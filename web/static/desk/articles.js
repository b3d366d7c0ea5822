// The article editor: a preview that follows, text that survives a lost page or session, Ctrl+S, pictures.

import { tab } from "./memory.js";

const PREVIEW_AFTER = 350;
const $ = (id) => document.getElementById(id);
const form = $("editor");
let isSending = false;

for (const choice of document.querySelectorAll(".beside-choice")) {
  choice.hidden = false;
  const show = (name) => {
    for (const button of choice.querySelectorAll("button")) {
      button.setAttribute("aria-pressed", String(button.dataset.beside === name));
      $(button.dataset.beside).hidden = button.dataset.beside !== name;
    }
  };
  choice.addEventListener("click", (event) => event.target.dataset.beside && show(event.target.dataset.beside));
  show("preview");
}

function edit() {
  const key = `article:${form.dataset.key}`;
  const began = fields();
  restore(key, began);
  form.addEventListener("input", () => {
    tab.set(key, { based: form.elements.based_on?.value ?? "", fields: fields() });
    previewSoon();
  });
  form.addEventListener("submit", () => (isSending = true));
  addEventListener("pageshow", () => (isSending = false));
  addEventListener("beforeunload", (event) => {
    if (!isSending && JSON.stringify(fields()) !== JSON.stringify(began)) event.preventDefault();
  });
  addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "s") {
      event.preventDefault();
      form.requestSubmit($("save-draft"));
    }
  });
  for (const link of document.querySelectorAll("[data-drop]")) {
    link.addEventListener("click", () => {
      isSending = true;
      tab.drop(key);
    });
  }
  $("picture").addEventListener("change", addPicture);
}

/** What is in the form, but for the proof and the file. */
function fields() {
  return [...new FormData(form)].filter(([name, value]) => !["csrf", "based_on"].includes(name) && typeof value === "string");
}

function restore(key, began) {
  if ("saved" in form.dataset) {
    tab.drop(key);
    tab.drop(`article:new/${form.dataset.key.split("/").pop()}`);
  }
  const kept = tab.get(key);
  if (!kept || "refused" in form.dataset || JSON.stringify(kept.fields) === JSON.stringify(began)) return;
  put(kept.fields);
  if (kept.based && form.elements.based_on) form.elements.based_on.value = kept.based;
  $("kept").hidden = false;
  $("drop-kept").addEventListener("click", () => {
    tab.drop(key);
    isSending = true;
    location.reload();
  });
  previewSoon();
}

function put(values) {
  for (const box of form.querySelectorAll("input[type=checkbox]")) box.checked = values.some(([name, value]) => name === box.name && value === box.value);
  for (const [name, value] of values) {
    const field = form.elements[name];
    if (field && "value" in field && field.type !== "checkbox" && !(field instanceof RadioNodeList)) field.value = value;
  }
}

// ——— preview ———

let timer = null;
let running = null;

function previewSoon() {
  clearTimeout(timer);
  timer = setTimeout(preview, PREVIEW_AFTER);
}

async function preview() {
  running?.abort();
  running = new AbortController();
  const { title, body, language, csrf } = form.elements;
  const sent = new URLSearchParams({ title: title.value, body: body.value, language: language.value });
  try {
    const answer = await fetch("/desk/articles/preview", {
      method: "POST", body: sent, headers: { "X-CSRF-Token": csrf.value, "HX-Request": "true" }, signal: running.signal,
    });
    if (answer.ok) $("preview").innerHTML = await answer.text(); // made safe by the server: HTML of authors is shown, not obeyed
  } catch {
    // the next key tries again
  }
}

// ——— pictures ———

async function addPicture() {
  const input = $("picture");
  const refused = $("picture-refused");
  refused.hidden = true;
  if (!input.files.length) return;
  const sent = new FormData();
  sent.append("picture", input.files[0]);
  try {
    const answer = await fetch("/desk/articles/pictures", {
      method: "POST", body: sent, headers: { "X-CSRF-Token": form.elements.csrf.value, "HX-Request": "true" },
    });
    const said = await answer.json();
    if (!answer.ok) throw new Error(said.detail);
    const text = $("body");
    text.setRangeText(`![${input.dataset.words}](picture:${said.name})`, text.selectionStart, text.selectionEnd, "end");
    text.dispatchEvent(new Event("input", { bubbles: true }));
    text.focus();
  } catch (error) {
    refused.textContent = error.message;
    refused.hidden = false;
  }
  input.value = "";
}

if (form) edit(); // last: what it calls must be there

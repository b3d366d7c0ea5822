// What helps to answer: suggestion, articles, and the window in which a wrong answer of the assistant is put right.

import { insert, useSuggestion } from "./insert.js";
import { announce, say, toast } from "./words.js";

const $ = (id) => document.getElementById(id);

/** Opens the window in which the agent tells what the assistant should have answered. */
function markWrong(button) {
  const form = $("wrong-form");
  form.elements.seq.value = button.dataset.seq;
  form.elements.value.value = button.dataset.right;
  $("wrong-answer").textContent = $(`m-${button.dataset.seq}`).querySelector(".words").textContent.trim();
  $("wrong-dialog").showModal();
  form.elements.value.focus();
}

function wasMarked(form) {
  const button = $(`m-${form.elements.seq.value}`)?.querySelector(".mark-wrong");
  if (button) {
    button.dataset.right = form.elements.value.value;
    button.firstChild.textContent = say("marked_wrong");
  }
  $("wrong-dialog").close();
  toast(say("corrected"), "good");
}

/** After a form of these was taken by the server; `again` fetches the next suggestion. */
export function wasHelped(form, again) {
  const { action } = form.dataset;
  if (action === "correct") toast(say("corrected"), "good");
  else if (action === "mail") toast(say("mailed"), "good");
  else if (action === "wrong") wasMarked(form);
  else if (action === "refuse") {
    announce(say("refused"));
    again();
  }
}

/** Wires the buttons, which come and go with the conversations; `beforeInsert` uncovers the reply. */
export function keepAssist(beforeInsert) {
  document.addEventListener("click", (event) => {
    const wrong = event.target.closest(".mark-wrong");
    if (wrong) markWrong(wrong);
    if (event.target.closest("#use-suggestion")) useSuggestion();
    if (event.target.closest("#open-articles")) {
      $("articles-dialog").showModal();
      $("articles-search").focus();
    }
    const put = event.target.closest("button[data-insert]");
    if (!put) return;
    $("articles-dialog").close();
    beforeInsert();
    if (!insert(put.dataset.insert)) $("composer").write("reply");
  });
}

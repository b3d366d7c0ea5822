// Asks how the conversation went, once it is closed: one to five, a word if they like, and it can be skipped.

import { copyOf } from "./copy.js";
import { element, icon } from "./dom.js";

/** The form, with what an earlier one holds. `done(rating)` gets `{score, comment?}`, or null when skipped. */
export function ratingForm(language, done, earlier) {
  const copy = copyOf(language);
  const fault = element("p", { class: "rating-fault", role: "alert" });
  const chosen = element("p", { class: "rating-word", "aria-hidden": "true" });
  const scores = copy.ratingScale.map((word, index) => {
    const input = element("input", { type: "radio", name: "score", value: index + 1, on: { change: () => mark(index + 1) } });
    return element("label", { class: "score" }, input, icon("star"), element("span", { class: "spoken" }, `${index + 1} / 5, ${word}`));
  });
  const mark = (score) => { // stars up to the chosen one are lit
    scores.forEach((label, index) => label.classList.toggle("lit", index < score));
    chosen.textContent = copy.ratingScale[score - 1];
    fault.textContent = "";
  };
  const comment = element("textarea", { rows: 2, maxlength: 2000, id: "rating-comment" });
  const form = element(
    "form", { class: "rating", novalidate: true },
    element("fieldset", {}, element("legend", {}, copy.ratingTitle), element("div", { class: "scores" }, ...scores), chosen),
    element("label", { for: "rating-comment", class: "rating-label" }, copy.ratingComment), comment, fault,
    element("div", { class: "rating-actions" },
      element("button", { type: "submit", class: "primary" }, copy.ratingSend),
      element("button", { type: "button", class: "quiet", on: { click: () => done(null) } }, copy.ratingSkip)),
  );
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const score = scoreOf(form);
    if (!score) {
      fault.textContent = copy.ratingMissing;
      scores[0].querySelector("input").focus();
      return;
    }
    const words = comment.value.trim();
    await done(words ? { score, comment: words } : { score });
  });
  if (earlier) {
    comment.value = earlier.querySelector("textarea").value;
    const score = scoreOf(earlier);
    if (score) scores[score - 1].querySelector("input").checked = true;
    if (score) mark(score);
  }
  return form;
}

function scoreOf(form) {
  return Number(form.querySelector("input:checked")?.value ?? 0);
}

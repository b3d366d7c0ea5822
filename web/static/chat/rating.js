// Asks how the conversation went: one to five; how easy it was and a word, if they like; and it can be skipped.

import { copyOf } from "./copy.js";
import { element, icon } from "./dom.js";

const EFFORTS = 7;

/** The form, with what an earlier one holds. `done(rating)` gets `{score, effort?, comment?}`, or null when skipped. */
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
  const efforts = Array.from({ length: EFFORTS }, (_, index) => {
    const end = index === 0 ? `, ${copy.effortEnds[0]}` : index === EFFORTS - 1 ? `, ${copy.effortEnds[1]}` : "";
    return element(
      "label", { class: "effort" }, element("input", { type: "radio", name: "effort", value: index + 1 }),
      element("span", { "aria-hidden": "true" }, String(index + 1)), element("span", { class: "spoken" }, `${index + 1} / ${EFFORTS}${end}`),
    );
  });
  const comment = element("textarea", { rows: 2, maxlength: 2000, id: "rating-comment" });
  const form = element(
    "form", { class: "rating", novalidate: true },
    element("fieldset", {}, element("legend", {}, copy.ratingTitle), element("div", { class: "scores" }, ...scores), chosen),
    element(
      "fieldset", { class: "effort-scale" }, element("legend", {}, copy.effortTitle), element("div", { class: "efforts" }, ...efforts),
      element("p", { class: "effort-ends", "aria-hidden": "true" }, ...copy.effortEnds.map((word) => element("span", {}, word)))),
    element("label", { for: "rating-comment", class: "rating-label" }, copy.ratingComment), comment, fault,
    element("div", { class: "rating-actions" },
      element("button", { type: "submit", class: "primary" }, copy.ratingSend),
      element("button", { type: "button", class: "quiet", on: { click: () => done(null) } }, copy.ratingSkip)),
  );
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const score = chosenOf(form, "score");
    if (!score) {
      fault.textContent = copy.ratingMissing;
      scores[0].querySelector("input").focus();
      return;
    }
    const effort = chosenOf(form, "effort");
    const words = comment.value.trim();
    await done({ score, ...(effort ? { effort } : {}), ...(words ? { comment: words } : {}) });
  });
  if (earlier) {
    comment.value = earlier.querySelector("textarea").value;
    const effort = chosenOf(earlier, "effort");
    if (effort) efforts[effort - 1].querySelector("input").checked = true;
    const score = chosenOf(earlier, "score");
    if (score) scores[score - 1].querySelector("input").checked = true;
    if (score) mark(score);
  }
  return form;
}

function chosenOf(form, name) {
  return Number(form.querySelector(`input[name=${name}]:checked`)?.value ?? 0);
}

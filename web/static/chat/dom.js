// Builds elements. The only way in which this component makes DOM: no markup from text anywhere.

const SVG = "http://www.w3.org/2000/svg";

const ICONS = {
  chat: ["M5 5.5h14a2 2 0 0 1 2 2v7.6a2 2 0 0 1-2 2h-7.2L7.4 20.6v-3.5H5a2 2 0 0 1-2-2V7.5a2 2 0 0 1 2-2Z", "M8 10h8M8 13.2h5"],
  close: ["M6 6l12 12M18 6 6 18"],
  send: ["M12 19V5.5", "M5.8 11.5 12 5.2l6.2 6.3"],
  photo: ["M4.5 8h3l1.4-2.3h6.2L16.5 8h3A1.5 1.5 0 0 1 21 9.5v8a1.5 1.5 0 0 1-1.5 1.5h-15A1.5 1.5 0 0 1 3 17.5v-8A1.5 1.5 0 0 1 4.5 8Z", "M12 16.3a3.3 3.3 0 1 0 0-6.6 3.3 3.3 0 0 0 0 6.6Z"],
  person: ["M12 11.5a3.7 3.7 0 1 0 0-7.4 3.7 3.7 0 0 0 0 7.4Z", "M4.8 20c.7-3.7 3.6-5.6 7.2-5.6s6.5 1.9 7.2 5.6"],
  check: ["M5.5 12.8 10 17l8.5-9.5"],
  down: ["M12 5v13.5M6 12.7l6 6 6-6"],
  star: ["m12 3.8 2.5 5.2 5.7.8-4.1 4 1 5.7-5.1-2.7-5.1 2.7 1-5.7-4.1-4 5.7-.8L12 3.8Z"],
  assistant: ["M12 4.5c.7 4.3 2.9 6.6 7.3 7.5-4.4.9-6.6 3.2-7.3 7.5-.7-4.3-2.9-6.6-7.3-7.5 4.4-.9 6.6-3.2 7.3-7.5Z"],
  out: ["M9 5H5.5v13.5H19V15", "M13 5h6v6M19 5l-8.5 8.5"],
};

/** An element with attributes (`true` sets, `false`, null and undefined leave out; `on` holds listeners) and children (nodes or texts). */
export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key === "on") {
      for (const [event, listener] of Object.entries(value)) made.addEventListener(event, listener);
    } else {
      setAttribute(made, key, value);
    }
  }
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}

/** Sets, changes or takes away one attribute; touches nothing that is as it should be. */
export function setAttribute(target, name, value) {
  if (value === false || value === null || value === undefined) {
    if (target.hasAttribute(name)) target.removeAttribute(name);
    return;
  }
  const text = value === true ? "" : String(value);
  if (target.getAttribute(name) !== text) target.setAttribute(name, text);
}

/** Changes a text only when it differs, so that screen readers hear of real changes alone. */
export function setText(target, text) {
  if (target.textContent !== text) target.textContent = text;
}

/** A line icon that screen readers pass over. */
export function icon(name) {
  const drawing = document.createElementNS(SVG, "svg");
  drawing.setAttribute("viewBox", "0 0 24 24");
  drawing.setAttribute("class", `icon icon-${name}`);
  drawing.setAttribute("aria-hidden", "true");
  drawing.setAttribute("focusable", "false");
  for (const line of ICONS[name]) {
    const path = document.createElementNS(SVG, "path");
    path.setAttribute("d", line);
    drawing.append(path);
  }
  return drawing;
}

/** A text for screen readers only. */
export function spoken(text) {
  return element("span", { class: "spoken" }, text);
}

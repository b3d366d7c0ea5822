// What this browser remembers. Storage may be full or closed: then it remembers nothing, and all else works.

function reach(name, work) {
  try {
    return work(window[name]);
  } catch {
    return null;
  }
}

/** Kept on this machine: preferences, what has been read. */
export const machine = {
  get: (key) => reach("localStorage", (s) => s.getItem(`savoir:${key}`)),
  set: (key, value) => reach("localStorage", (s) => s.setItem(`savoir:${key}`, value)),
};

/** Kept in this tab: drafts. */
export const tab = {
  get: (key) => reach("sessionStorage", (s) => JSON.parse(s.getItem(`savoir:${key}`) ?? "null")),
  set: (key, value) => reach("sessionStorage", (s) => s.setItem(`savoir:${key}`, JSON.stringify(value))),
  drop: (key) => reach("sessionStorage", (s) => s.removeItem(`savoir:${key}`)),
};

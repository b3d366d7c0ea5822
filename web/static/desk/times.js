// Waiting times that go on while one looks. Says them as the server does (templates.py, `since`).

const UNITS = [["day", 86400], ["hour", 3600], ["minute", 60]];
const language = document.documentElement.lang === "fr" ? "fr" : "en-GB";
const forms = Object.fromEntries(
  UNITS.map(([unit]) => [unit, new Intl.NumberFormat(language, { style: "unit", unit, unitDisplay: "short" })]),
);
const LATE = 300;
const VERY_LATE = 900;

function refresh() {
  for (const time of document.querySelectorAll("time[data-since]")) {
    const seconds = Math.max(0, Math.floor((Date.now() - Date.parse(time.dateTime)) / 1000));
    const [unit, size] = UNITS.find(([, s]) => seconds >= s) ?? ["minute", 60];
    const text = seconds < 60 ? `< ${forms.minute.format(1)}` : forms[unit].format(Math.floor(seconds / size));
    if (time.textContent !== text) time.textContent = text;
    time.classList.toggle("late", seconds >= LATE && seconds < VERY_LATE);
    time.classList.toggle("very-late", seconds >= VERY_LATE);
  }
}

/** Keeps all times true from now on; call the result after new ones came. */
export function keepTimes() {
  setInterval(refresh, 10_000);
  refresh();
  return refresh;
}

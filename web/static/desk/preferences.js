// What the agent chose on this machine: appearance, sound, shortcuts.

import { machine } from "./memory.js";
import { announce, say, toast } from "./words.js";

let audio = null;

/** Two short soft notes, if the agent wants them. */
export function chime() {
  if (machine.get("sound") !== "on") return;
  audio ??= new AudioContext();
  for (const [start, pitch] of [[0, 587], [0.16, 784]]) {
    const tone = audio.createOscillator();
    const loudness = audio.createGain();
    const at = audio.currentTime + start;
    tone.frequency.value = pitch;
    loudness.gain.setValueAtTime(0, at);
    loudness.gain.linearRampToValueAtTime(0.12, at + 0.02);
    loudness.gain.exponentialRampToValueAtTime(0.001, at + 0.3);
    tone.connect(loudness).connect(audio.destination);
    tone.start(at);
    tone.stop(at + 0.32);
  }
}

/** A notification of the system, if the agent wants them and is not looking; a press on it leads back. */
export function notify(text, tag, onPress = () => {}) {
  if (machine.get("notify") !== "on" || document.visibilityState === "visible" || !("Notification" in window)) return;
  if (Notification.permission !== "granted") return;
  const shown = new Notification(text, { tag, icon: "/static/desk/icon.svg" });
  shown.addEventListener("click", () => {
    focus();
    shown.close();
    onPress();
  });
}

function keepNotify() {
  const box = document.getElementById("notify");
  const isAllowed = () => "Notification" in window && Notification.permission === "granted";
  box.checked = machine.get("notify") === "on" && isAllowed();
  box.addEventListener("change", async () => {
    if (box.checked && "Notification" in window && Notification.permission === "default") await Notification.requestPermission();
    if (box.checked && !isAllowed()) {
      box.checked = false;
      toast(say("notify_denied"));
    }
    machine.set("notify", box.checked ? "on" : "off");
  });
}

export function keepPreferences() {
  keepNotify();
  const theme = document.getElementById("theme");
  theme.value = machine.get("theme") ?? "";
  theme.addEventListener("change", () => {
    machine.set("theme", theme.value);
    if (theme.value) document.documentElement.dataset.theme = theme.value;
    else delete document.documentElement.dataset.theme;
  });
  const sound = document.getElementById("sound");
  sound.checked = machine.get("sound") === "on";
  sound.addEventListener("change", () => {
    machine.set("sound", sound.checked ? "on" : "off");
    chime();
  });
  const shortcuts = document.getElementById("shortcuts");
  const showKeys = () => document.body.classList.toggle("no-keys", !shortcuts.checked);
  shortcuts.checked = machine.get("shortcuts") !== "off";
  showKeys();
  shortcuts.addEventListener("change", () => {
    machine.set("shortcuts", shortcuts.checked ? "on" : "off");
    showKeys();
    announce(say(shortcuts.checked ? "shortcuts_on" : "shortcuts_off"));
  });
  const back = document.querySelector("#account input[name=back]");
  document.getElementById("account").addEventListener("toggle", () => (back.value = location.pathname + location.search));
  document.getElementById("open-shortcuts").addEventListener("click", () => document.getElementById("shortcuts-dialog").showModal());
}

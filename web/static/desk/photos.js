// A photo that goes with the reply: chosen, pasted or dropped; it is sent with the text, in one message.

import { replyText } from "./insert.js";
import { say, toast } from "./words.js";

const KINDS = ["image/jpeg", "image/png", "image/webp", "image/gif"];
const $ = (id) => document.getElementById(id);

/** Whether a photo waits to be sent with the reply. */
export const hasPhoto = () => Boolean($("photo-file")?.files.length);

/** Takes the photo away. */
export function dropPhoto() {
  const input = $("photo-file");
  if (!input) return;
  input.value = "";
  show();
}

function show() {
  const [file] = $("photo-file").files;
  const form = document.querySelector("form.write.reply");
  $("photo-chosen").hidden = !file;
  $("photo-name").textContent = file?.name ?? "";
  // only a chosen photo belongs to the form: without one it stays an ordinary, small form
  if (file) {
    form.id = "reply-form";
    $("photo-file").setAttribute("form", "reply-form");
    form.setAttribute("hx-encoding", "multipart/form-data");
  } else {
    $("photo-file").removeAttribute("form");
    form.removeAttribute("hx-encoding");
  }
}

function take(files) {
  const file = [...files].find((one) => KINDS.includes(one.type));
  if (!file) {
    if (files.length) toast(say("not_a_photo"));
    return false;
  }
  const held = new DataTransfer();
  held.items.add(file);
  $("photo-file").files = held.files;
  show();
  return true;
}

/** Wires choosing, pasting and dropping in the composer. */
export function keepPhotos(composer) {
  const area = composer.querySelector("#reply-text");
  $("choose-photo").addEventListener("click", () => $("photo-file").click());
  $("photo-file").addEventListener("change", () => {
    const chosen = [...$("photo-file").files];
    if (chosen.length && !KINDS.includes(chosen[0].type)) {
      $("photo-file").value = "";
      toast(say("not_a_photo"));
    }
    show();
    area.focus();
  });
  $("photo-drop").addEventListener("click", () => {
    dropPhoto();
    area.focus();
  });
  area.addEventListener("paste", (event) => {
    if (replyText() && event.clipboardData.files.length && take(event.clipboardData.files)) event.preventDefault();
  });
  composer.addEventListener("dragover", (event) => event.dataTransfer.types.includes("Files") && event.preventDefault());
  composer.addEventListener("drop", (event) => {
    if (!event.dataTransfer.files.length) return;
    event.preventDefault();
    if (replyText() && composer.dataset.mode === "reply") take(event.dataTransfer.files);
  });
}

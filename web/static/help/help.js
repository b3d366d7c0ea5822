// The help centre's few live touches: buttons that open the chat, and "/" to search.

const chat = document.querySelector("savoir-chat");

customElements.whenDefined("savoir-chat").then(() => {
  for (const button of document.querySelectorAll("[data-open-chat]")) {
    button.hidden = false;
    button.addEventListener("click", () => chat.show());
  }
});

document.addEventListener("keydown", (event) => {
  const isTyping = event.target.closest?.("input, textarea, select, [contenteditable], savoir-chat");
  const field = document.querySelector("[data-search]");
  if (event.key !== "/" || isTyping || event.ctrlKey || event.metaKey || event.altKey || !field) return;
  event.preventDefault();
  field.focus();
  field.select();
});

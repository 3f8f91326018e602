// The keys of every page, by their place on the keyboard: a Korean keyboard in Hangul mode sends other letters, or none.
"use strict";
const TYPING = "textarea, select, [contenteditable], input:not([type=checkbox], [type=radio], [type=file])";
// A person can turn the single keys off; the browser remembers it.
const keysOn = document.getElementById("keys-on");
if (keysOn) {
  keysOn.checked = localStorage.getItem("desk-keys") !== "off";
  const showKeys = () => document.body.classList.toggle("no-keys", !keysOn.checked);
  keysOn.addEventListener("change", () => { localStorage.setItem("desk-keys", keysOn.checked ? "on" : "off"); showKeys(); });
  showKeys();
}
// Single keys never act while somebody types, nor with a key that the browser uses.
const onKeys = (keys) => document.addEventListener("keydown", (event) => {
  const isOther = event.ctrlKey || event.metaKey || event.altKey || (event.shiftKey && event.code !== "Slash");
  if (!keysOn?.checked || isOther || event.target.closest(TYPING) || !keys[event.code]) return;
  event.preventDefault();
  keys[event.code](event);
});
const followLink = (selector) => document.querySelector(selector)?.click();
const focusOn = (selector) => document.querySelector(selector)?.focus();
const showHelp = (event) => {
  const help = document.getElementById("keys"), words = document.getElementById("words");
  if (words && !event.shiftKey) return words.focus(); // without Shift it is the slash, which searches a list
  help.open = !help.open;
  if (help.open) help.querySelector("summary").focus();
};
onKeys({
  Slash: showHelp, KeyG: () => focusOn("header nav a"),
  ...(document.querySelector("[data-all]") && { KeyA: () => followLink("[data-all]:is([data-all=to_approve], [data-all=key], [data-all=claim_id])") }),
  ...(document.querySelector("[data-all=to_publish]") && { KeyP: () => followLink("[data-all=to_publish]") }),
  ...(document.getElementById("check-all") && { KeyC: () => followLink("#check-all") }),
  ...(document.getElementById("new-article") && { KeyN: () => followLink("#new-article") }),
});
// Ctrl and Enter send the form of the field that has the focus, or else the page's own form.
const isSending = (event) => ["Enter", "NumpadEnter"].includes(event.code) && (event.ctrlKey || event.metaKey);
const mainButton = (form) => {
  if (form.querySelector("[name=to_publish]:checked") && !form.querySelector("[name=to_approve]:checked")) return form.querySelector("button[value=publish]");
  return form.querySelector("button:not([type=button], .second, :disabled)") ?? form.querySelector("button:not([type=button], :disabled)");
};
document.addEventListener("keydown", (event) => {
  if (event.code === "Escape" && event.target.closest(TYPING)) event.target.blur();
  if (!isSending(event) || document.getElementById("check")) return;
  const sent = event.target.closest("main form") ?? document.querySelector("form[data-send]"), button = sent && mainButton(sent);
  event.preventDefault();
  if (button && !event.repeat) sent.requestSubmit(button);
});

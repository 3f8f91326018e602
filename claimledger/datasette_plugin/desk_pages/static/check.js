// The checking screen.
"use strict";
const form = document.getElementById("check"), docs = [...document.querySelectorAll(".doc")];
const questions = [...form.querySelectorAll(".question:has([type=radio])")];
let question = 0;
const markQuestion = (number) => {
  if (!questions.length) return;
  question = (number + questions.length) % questions.length;
  for (const one of questions) one.classList.toggle("at", one === questions[question]);
};
markQuestion(0);
form.addEventListener("focusin", (event) => {
  const place = questions.indexOf(event.target.closest(".question"));
  if (place >= 0) markQuestion(place);
});
// The document that has the focus, or had it last; the new one counts as the last.
let current = -1;
form.addEventListener("focusin", (event) => {
  const place = docs.indexOf(event.target.closest(".doc"));
  if (place >= 0) current = place;
  else if (event.target.closest("#new")) current = docs.length;
});
const step = (by) => {
  let place = current + by;
  while (docs[place]?.hidden) place += by;
  if (docs[place]) docs[place].querySelector("[name=cite]").focus();
  else if (place === docs.length) document.querySelector("#new [name=fetch]")?.focus();
};
const choose = (number) => {
  const place = docs[current] ?? (current === docs.length ? document.getElementById("new") : null);
  if (!place) return;
  place.querySelectorAll(".seg input")[number].checked = true;
  const box = place.querySelector("[name=cite]");
  if (box) box.checked = true;
  place.querySelector("textarea").focus();
  told();
};
const answer = (number) => {
  const radio = questions[question]?.querySelectorAll("[type=radio]")[number];
  if (!radio) return;
  radio.checked = true;
  told();
  questions[question].querySelector("textarea").focus();
};
const openMore = () => { document.getElementById("more").open = true; focusOn("#more input"); };
const keys = {
  KeyJ: () => step(1), KeyK: () => step(-1), KeyS: () => choose(0), KeyC: () => choose(1), KeyB: () => choose(2),
  KeyO: () => docs[current]?.querySelector("a.open")?.click(), KeyA: () => focusOn("#new [name=fetch]"),
  KeyT: () => focusOn("#new [name=new_tier]"), KeyM: openMore,
  KeyF: () => focusOn("#find"), KeyQ: () => { markQuestion(question + 1); questions[question]?.querySelector("[type=radio]").focus(); },
  KeyR: () => questions[question]?.querySelector("textarea").focus(),
  KeyL: () => followLink("#search"),
  KeyN: () => followLink(".steps [rel=next]"), KeyP: () => followLink(".steps [rel=prev]"),
};
for (const number of [0, 1, 2, 3, 4]) keys[`Digit${number + 1}`] = keys[`Numpad${number + 1}`] = () => answer(number);
onKeys(keys);
document.addEventListener("keydown", (event) => {
  if (isSending(event)) {
    event.preventDefault();
    const button = document.getElementById("propose");
    if (!button.disabled && !event.repeat) form.requestSubmit(button);
  } else if (event.code.endsWith("Enter") && event.target.matches("input") && event.target.closest(TYPING)) {
    event.preventDefault(); // Enter in a field does not send the form by accident
  }
});
// The list of documents: a filter, and the number of those selected.
document.getElementById("find")?.addEventListener("input", (event) => {
  const words = event.target.value.normalize("NFKC").toLowerCase().split(/\s+/);
  for (const doc of docs) {
    const text = doc.textContent.normalize("NFKC").toLowerCase();
    doc.hidden = !words.every((word) => text.includes(word)) && !doc.querySelector("[name=cite]").checked;
  }
});
// What will be sent, in the bar at the bottom; a chosen relation selects its document.
const told = () => {
  const ticked = document.getElementById("ticked"), count = form.querySelectorAll("[name=cite]:checked").length;
  ticked.textContent = docs.length ? ticked.dataset.told.replace("#", count) : "";
  document.getElementById("chosen").textContent = questions
    .map((one) => [one.querySelector("legend").firstChild.textContent.trim(), one.querySelector(".verdicts :checked")?.nextSibling.textContent.trim()])
    .filter(([, verdict]) => verdict).map(([name, verdict]) => `${name}: ${verdict}`).join(" · ");
};
form.addEventListener("change", (event) => {
  const box = event.target.closest(".doc .seg") && event.target.closest(".doc").querySelector("[name=cite]");
  if (box) box.checked = true;
  told();
});
told();
// A file can be dropped anywhere on the list of documents.
const fresh = document.getElementById("new");
for (const name of ["dragover", "drop"]) fresh?.closest("section").addEventListener(name, (event) => {
  if (![...event.dataTransfer.types].includes("Files")) return;
  event.preventDefault();
  if (name === "drop") fresh.querySelector("[type=file]").files = event.dataTransfer.files;
});
// A file that cannot state a title gets its name as the title, to be corrected.
fresh?.querySelector("[type=file]").addEventListener("change", (event) => {
  const title = fresh.querySelector("#more input"), name = event.target.files[0]?.name ?? "";
  if (!title.value && /\.(txt|csv|png|jpe?g)$/i.test(name)) title.value = name.replace(/\.[^.]+$/, "").replaceAll("_", " ");
  document.getElementById("more").open = true;
});
// After a refusal the first field with a problem gets the focus.
const wrong = document.querySelector("#refused [data-field]")?.dataset.field;
if (wrong) [...form.elements].find((field) => field.name.startsWith(wrong) || field.name.replace(/_(ko|en)(?=:|$)/, "") === wrong)?.focus();
else (document.getElementById("refused") ?? document.getElementById("listed"))?.focus();

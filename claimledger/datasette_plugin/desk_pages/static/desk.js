// Small helps; every page works without them.
"use strict";
// The state of a page after an act is told once: the word in the address goes, so that a reload does not tell it again.
if (new URLSearchParams(location.search).has("done")) {
  const address = new URL(location.href);
  for (const name of ["done", "of"]) address.searchParams.delete(name);
  history.replaceState(null, "", address);
}
document.getElementById("print")?.addEventListener("click", () => print());
// Acts on many claims: without a claim ticked the button says so, and what was typed stays.
document.getElementById("many")?.addEventListener("submit", (event) => {
  const told = document.getElementById("none-chosen");
  const act = event.submitter?.value, isOne = event.submitter?.name === "one";
  const isNoneTicked = !isOne && !event.target.querySelector(`[name=claim_id]:checked, [name=to_${act}]:checked`);
  told.textContent = isNoneTicked ? told.dataset.told : "";
  if (isNoneTicked) event.preventDefault();
});
// One box ticks all of a form, and what is ticked is counted beside it.
for (const all of document.querySelectorAll("[data-all]")) {
  const boxes = [...all.form.querySelectorAll(`[name=${all.dataset.all}]:not(:disabled)`)], told = all.closest("p").querySelector("output");
  const count = () => {
    const ticked = boxes.filter((box) => box.checked).length;
    all.checked = ticked > 0 && ticked === boxes.length;
    told.textContent = told.dataset.told.replace("#", ticked);
  };
  all.closest("label").hidden = false;
  all.addEventListener("change", () => {
    for (const box of boxes.filter((box) => box.checked !== all.checked)) box.click();
  });
  all.form.addEventListener("change", count);
  count();
}
// What must go along is ticked with what needs it, and takes it off when it is taken off.
const isAlong = (box, key) => (box.dataset.along ?? "").split(" ").includes(key);
document.querySelector(".records")?.addEventListener("change", (event) => {
  for (const box of event.currentTarget.querySelectorAll("[name=key]")) {
    if (event.target.checked && isAlong(event.target, box.value)) box.checked = true;
    if (!event.target.checked && isAlong(box, event.target.value)) box.checked = false;
  }
  document.getElementById("publish").disabled = true; // the rows shown are those of another choice
  document.getElementById("chosen-otherwise").hidden = false;
});
// The characters of the first sentence of a reason are counted while it is written; too many are only marked.
for (const hint of document.querySelectorAll("[data-first-sentence]")) {
  const form = hint.closest("form");
  for (const output of hint.querySelectorAll("output")) {
    const area = form.querySelector(`[name=${hint.dataset.firstSentence}_${output.dataset.language}]`);
    const count = () => {
      const text = area.value.trim();
      const first = text.match(/^[^]*?[.!?…]+["'”’)\]]*(?=\s+[^\sa-z]|$)/)?.[0] ?? text;
      output.textContent = text ? `${output.dataset.name}: ${hint.dataset.told.replace("#", [...first].length).replace("%", output.dataset.longest)}` : "";
      output.classList.toggle("warn", [...first].length > output.dataset.longest);
    };
    area.addEventListener("input", count);
    count();
  }
}
// A template is inserted at the end of the fields of its form, in each language that it has.
for (const list of document.querySelectorAll("[data-insert]")) {
  list.closest("label").hidden = false;
  list.addEventListener("change", () => {
    const { ko, en } = list.selectedOptions[0].dataset, name = list.dataset.insert, field = (end) => list.form.elements[name + end];
    const shown = document.documentElement.lang === "ko" ? ko ?? en : en ?? ko;
    for (const [area, words] of [[field(""), shown], [field("_ko"), ko], [field("_en"), en]]) {
      if (!area || !words) continue;
      area.value = area.value ? `${area.value.trimEnd()} ${words}` : words;
      area.dispatchEvent(new Event("input", { bubbles: true }));
    }
    list.selectedIndex = 0;
  });
}
// Keys of an article's page.
const openForm = (id) => {
  const form = document.getElementById(id);
  if (!form) return;
  form.open = true;
  form.querySelector("textarea, input:not([type=hidden])").focus();
};
// Only a suggestion in which no rule found anything is accepted by one key; a field that is still empty gets the focus.
const acceptClean = () => {
  if (document.getElementById("suggestion")?.dataset.state !== "clean") return;
  const form = document.querySelector("#accept form"), empty = form?.querySelector(":required:invalid");
  if (empty) empty.focus();
  else form?.requestSubmit(form.querySelector("button:not([type=button]):not(:disabled)"));
};
if (document.getElementById("now")) {
  onKeys({
    KeyJ: () => followLink("#now a[rel=next]"), KeyK: () => followLink("#now a[rel=prev]"),
    KeyN: () => followLink("#now a.next-unbound"), KeyE: () => followLink("#now a.edit-claim"),
    KeyA: () => openForm("accept"), KeyS: () => followLink("a.next-suggestion"), KeyY: () => acceptClean(),
    KeyD: () => (document.querySelector("#set-aside button:not(:disabled)") ? followLink("#set-aside button") : openForm("dismiss")),
  });
  if (location.hash === "#now") document.getElementById("now").focus({ preventScroll: true });
}

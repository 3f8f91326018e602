// Suggestions of a language model are decided without a new page: the answer to a form is a page like any other, of
// which the changed parts are taken over. The list keeps its rows and marks each as done. Without scripts, the same
// forms and links load a page.
"use strict";
const suggestionList = document.querySelector("ol.suggestions");
const CHANGED_PARTS = ["#now", "#following", "#coverage", "section[aria-labelledby=text]", "section[aria-labelledby=candidates]"];
let isDeciding = false, topics = ""; // the next claim usually has the topics of the last one
const rowOf = (number) => suggestionList.querySelector(`li[data-suggestion="${CSS.escape(number ?? "")}"]`);
const numberIn = (root) => root.querySelector("#set-aside [name=suggestion]")?.value;
const takeOver = (next, address) => {
  for (const part of CHANGED_PARTS) {
    const old = document.querySelector(part), fresh = next.querySelector(part);
    if (old && fresh) old.replaceWith(fresh);
  }
  for (const name of ["done", "claim"]) address.searchParams.delete(name);
  history.replaceState(null, "", address);
  for (const row of suggestionList.children) {
    const isHere = row.dataset.suggestion === numberIn(document);
    row.classList.toggle("here", isHere);
    if (isHere) row.querySelector("a").setAttribute("aria-current", "true");
    else row.querySelector("a").removeAttribute("aria-current");
  }
  const field = document.querySelector("#accept [name=topics]");
  if (field && !field.value) field.value = topics;
  rowOf(numberIn(document))?.scrollIntoView({ block: "nearest" });
  const problem = document.querySelector("#now [aria-invalid=true]"), now = document.getElementById("now");
  if (problem) problem.focus();
  else { now.focus({ preventScroll: true }); now.scrollIntoView(); }
};
const markDone = (number, word) => {
  const row = rowOf(number);
  if (!row || row.classList.contains("settled")) return;
  row.classList.add("settled");
  row.querySelector(".outcome").textContent = `${word} · `;
  const count = document.querySelector("#suggested .count");
  count.textContent = Math.max(Number(count.textContent) - 1, 0);
};
// Fetch a page of this article and show its parts; `otherwise` loads it the usual way if it is another page.
const showInPlace = async (address, options, otherwise, done) => {
  if (isDeciding) return;
  isDeciding = true;
  suggestionList.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(address, options);
    const next = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (!next.getElementById("now")) throw new Error("another page");
    if (answer.ok) done?.();
    takeOver(next, answer.redirected || !options.method ? new URL(answer.url) : new URL(location.href));
  } catch { otherwise(); } finally {
    isDeciding = false;
    suggestionList.removeAttribute("aria-busy");
  }
};
document.addEventListener("submit", (event) => {
  const form = event.target, number = form.elements.suggestion?.value;
  const word = { "set-aside": suggestionList?.dataset.dismissed, accept: suggestionList?.dataset.accepted }[form.action.split("/").pop()];
  if (!suggestionList || !number || !word) return;
  event.preventDefault();
  topics = form.elements.topics?.value || topics;
  const options = { method: "POST", body: new URLSearchParams(new FormData(form)) };
  showInPlace(form.action, options, () => form.submit(), () => markDone(number, word));
});
document.addEventListener("click", (event) => {
  const link = event.target.closest("ol.suggestions a, a.next-suggestion");
  if (!link || !suggestionList || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  showInPlace(link.href, {}, () => { location.href = link.href; });
});

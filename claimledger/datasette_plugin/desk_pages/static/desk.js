// Small helps; every page works without them.
"use strict";
// The state of a page after an act is told once: the word in the address goes, so that a reload does not tell it again.
if (new URLSearchParams(location.search).has("done")) {
  const address = new URL(location.href);
  address.searchParams.delete("done");
  history.replaceState(null, "", address);
}
// Keys of an article's page; never while somebody types, and never with a key that the browser uses.
const followLink = (selector) => document.querySelector(selector)?.click();
const openForm = (id) => {
  const form = document.getElementById(id);
  if (!form) return;
  form.open = true;
  form.querySelector("textarea, input:not([type=hidden])").focus();
};
const articleKeys = {
  j: () => followLink("#now a[rel=next]"), ArrowDown: () => followLink("#now a[rel=next]"),
  k: () => followLink("#now a[rel=prev]"), ArrowUp: () => followLink("#now a[rel=prev]"),
  n: () => followLink("#now a.next-unbound"), e: () => followLink("#now a.edit-claim"),
  a: () => openForm("accept"), d: () => openForm("dismiss"),
};
if (document.getElementById("now")) {
  document.addEventListener("keydown", (event) => {
    const isTyping = event.target.closest("input, textarea, select, [contenteditable]");
    const isScrolling = event.key.startsWith("Arrow") && event.target.closest("ol, details, .scroll");
    if (isTyping || isScrolling || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (articleKeys[event.key]) { event.preventDefault(); articleKeys[event.key](); }
  });
  if (location.hash === "#now") document.getElementById("now").focus({ preventScroll: true });
}

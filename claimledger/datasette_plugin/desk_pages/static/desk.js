// Small helps; every page works without them.
"use strict";
// The state of a page after an act is told once: the word in the address goes, so that a reload does not tell it again.
if (new URLSearchParams(location.search).has("done")) {
  const address = new URL(location.href);
  address.searchParams.delete("done");
  history.replaceState(null, "", address);
}

// Fold the facets above a table's rows on narrow screens.
// Without a script, or on a wide screen, they are open as in Datasette.
const facets = document.querySelector(".facet-results");
if (facets) {
  const isNarrow = matchMedia("(max-width: 640px)");
  const folded = document.createElement("details");
  const summary = document.createElement("summary");
  folded.className = "folded-facets";
  summary.textContent = `Facets · 항목별로 좁히기 (${facets.querySelectorAll(".facet-info").length})`;
  facets.before(folded);
  folded.append(summary, facets);
  const fit = () => { folded.open = !isNarrow.matches; };
  isNarrow.addEventListener("change", fit);
  fit();
}

// On a telephone the facets, which stand above a table's rows, are folded. Without a script,
// or where there is room, they stand there as Datasette shows them.
const facets = document.querySelector(".facet-results");
if (facets) {
  const isNarrow = matchMedia("(max-width: 640px)");
  const folded = document.createElement("details");
  const told = document.createElement("summary");
  folded.className = "folded-facets";
  told.textContent = `Facets · 항목별로 좁히기 (${facets.querySelectorAll(".facet-info").length})`;
  facets.before(folded);
  folded.append(told, facets);
  const fit = () => { folded.open = !isNarrow.matches; };
  isNarrow.addEventListener("change", fit);
  fit();
}

// Add names and keyboard access that Datasette's own pages lack.
document.documentElement.lang ||= "en";
const named = {
  "select[name^=_filter_column]": "Column · 열",
  "select[name^=_filter_op]": "Comparison · 비교",
  "input.filter-value": "Value · 값",
  "select[name=_sort]": "Sorted by · 정렬",
};
const names = () => {
  for (const [which, name] of Object.entries(named)) {
    for (const field of document.querySelectorAll(which)) {
      if (!field.labels?.length) field.ariaLabel ||= name;
    }
  }
};
names();
addEventListener("change", names); // choosing a filter adds another row of filters
for (const box of document.querySelectorAll("dl.column-descriptions, .table-wrapper, pre")) {
  if (box.scrollWidth > box.clientWidth || box.scrollHeight > box.clientHeight) box.tabIndex = 0;
}

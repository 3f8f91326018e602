// Finds claims by words and names in the files of search-index/. Figures and misspellings are left to the server.
const BUCKETS = 64, CLAIMS_PER_FILE = 100, MOST = 50;
const place = document.getElementById("found");
const said = JSON.parse(document.getElementById("search-words").textContent);
const query = (new URLSearchParams(location.search).get("q") || "").trim();
const loaded = new Map();
const index = new URL("../../../search-index/", import.meta.url).href;

const load = (name) => {
  if (!loaded.has(name)) loaded.set(name, fetch(index + name + ".json").then((answer) => answer.json()));
  return loaded.get(name);
};
const normalise = (text) => text.normalize("NFKC").toLowerCase();
const wordsOf = (text) => normalise(text).match(/[\p{L}\p{N}]+/gu) || [];
const isHangul = (word) => /[가-힣]/.test(word);

// The words of the index that a typed word means, with how sure that is.
function* matches(word, words) {
  if (Object.hasOwn(words, word)) yield [word, 1];
  for (const other of Object.keys(words)) {
    if (other === word || other.length < 2) continue;
    if (word.length > 1 && other.startsWith(word)) yield [other, 0.6];
    else if (isHangul(other) && word.startsWith(other)) yield [other, 0.6];
  }
}

async function scores(text) {
  const typed = wordsOf(text);
  const pairs = typed.slice(1).map((word, at) => typed[at] + word);
  const total = new Map();
  for (const word of new Set([...typed, ...pairs])) {
    const words = await load("words-" + (word.codePointAt(0) % BUCKETS));
    const best = new Map();
    for (const [found, sure] of matches(word, words)) {
      const rarity = sure / Math.log2(2 + words[found].length);
      for (const claim of words[found]) best.set(claim, Math.max(best.get(claim) || 0, rarity));
    }
    for (const [claim, score] of best) total.set(claim, (total.get(claim) || 0) + score);
  }
  return [...total].sort((one, other) => other[1] - one[1] || one[0] - other[0]);
}

const element = (tag, name, text) => {
  const made = document.createElement(tag);
  if (name) made.className = name;
  if (text) made.textContent = text;
  return made;
};

function line([id, english, korean, status, state]) {
  const item = element("li", "line"), facts = element("p", "facts");
  const own = said.language === "ko" ? korean : english;
  const link = element("a", "statement", own || english || korean);
  if (!own) link.lang = said.language === "ko" ? "en" : "ko";
  link.href = "../claims/" + encodeURIComponent(id) + "/";
  const badge = element("span", "status " + status), mark = element("span", "mark", said.marks[status]);
  mark.ariaHidden = "true";
  badge.append(mark, " " + said.labels[status]);
  facts.append(badge);
  if (state === "withdrawn") facts.append(" ", element("span", "flag", said.withdrawn));
  item.append(link, facts);
  return item;
}

async function show() {
  document.getElementById("q").value = query;
  const found = await scores(query), list = element("ul", "lines");
  for (const [number] of found.slice(0, MOST)) {
    const claims = await load("claims-" + Math.floor(number / CLAIMS_PER_FILE));
    list.append(line(claims[number % CLAIMS_PER_FILE]));
  }
  const told = (found.length ? said.found : said.none).replace("{count}", found.length).replace("{query}", () => query);
  const head = element("h2"), status = element("span", "", told);
  status.setAttribute("role", "status");
  head.append(status);
  place.replaceChildren(head, ...(found.length ? [list] : []));
}

if (query) show().catch(() => { place.textContent = said.failed; });

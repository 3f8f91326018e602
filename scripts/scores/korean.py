"""Score the spotter's attribution and candidates, and measure its speed.

Cases: made-up paragraphs with the statements reported in them (default tests/spotting/*.toml). A statement is found if
its content shares at least half of `said`; precision counts the statements found that match none. A speaker is right if
the name is the same, or if both have none; role and organisation count if the gold has them.

Article: claims written by hand are the gold. A claim is covered if candidates share at least half of its passage; a
candidate is touched if a claim shares at least half of it. Speakers: over the claims with a speaker whose basis is
explicit and whose statement was found, whether the candidate that shares most names the same one.

Speed: sentences of KLUE-NER (or lines of a text), compared with kiwi splitting and tokenising everything; in processor
time.
"""

from __future__ import annotations

import re
import time
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from claimledger.models import Span
from claimledger.quantities import find_figures
from claimledger.spotting import Candidate, spot_text
from claimledger.spotting.korean import Korean
from claimledger.spotting.language import ReportedStatement
from scores.bars import record_score

CASES = sorted((Path(__file__).resolve().parent.parent.parent / "tests" / "spotting").glob("*.toml"))


def report_on(data: Path, article: Path | None, claims: Path) -> None:
    """Print the scores on made-up news and on the claims of `article`, and the speed on KLUE's sentences."""
    for cases in CASES:
        score_cases(cases, shows=False)
    if article:
        score_article(article, claims, shows=False)
    measure_speed(data / "klue-ner-v1.1-dev.even.tsv")


def ratio(part: int, whole: int) -> str:
    """Return a share as a decimal with both numbers."""
    return f"{part / max(whole, 1):.3f} ({part} of {whole})"


def find_statements(text: str) -> list[ReportedStatement]:
    """Return the statements of a text, paragraph by paragraph."""
    language, found = Korean(), []
    for line in re.finditer(r"[^\n]+", text):
        paragraph = Span(start=line.start(), end=line.end())
        found += language.reported(text, language.sentences(text, paragraph))
    return found


def score_cases(file: Path, *, shows: bool) -> None:
    """Print precision and recall of statements and of speakers over the made-up cases."""
    cases = tomllib.loads(file.read_text(encoding="utf-8"))["case"]
    tally: Counter[str] = Counter()
    for case in cases:
        for complaint in compare(case, find_statements(case["text"]), tally):
            if shows:
                print(f"  [{case['group']}] {case['text']}\n      {complaint}")
    hits, found, gold = tally["hits"], tally["found"], tally["gold"]
    print("Regression on our own made-up texts (no score of real text):")
    print(f"{file.stem}: {len(cases)} paragraphs; statements P {ratio(hits, found)} R {ratio(hits, gold)}")
    print(f"  speakers right {ratio(tally['speaker'], hits)}; wrong ones named {tally['wrong']}")
    fields = (("role", "roles"), ("organization", "organizations"), ("basis", "bases"), ("mode", "modes"))
    print("  " + "; ".join(f"{plural} {ratio(tally[field], tally[plural])}" for field, plural in fields))


def compare(case: dict[str, Any], found: Sequence[ReportedStatement], tally: Counter[str]) -> Iterator[str]:
    """Count one case, and yield its disagreements."""
    free = list(found)
    tally["found"] += len(found)
    for gold in case["statements"]:
        tally["gold"] += 1
        start = case["text"].index(gold["said"])
        match = next(
            (
                row
                for row in free
                if overlap_length(row.content, start, start + len(gold["said"])) * 2 >= len(gold["said"])
            ),
            None,
        )
        if match is None:
            yield f"missed: {gold['said']}"
            continue
        free.remove(match)
        tally["hits"] += 1
        yield from compare_speaker(gold, match, tally)
    for row in free:
        said = case["text"][row.content.start : row.content.end]
        yield f"not a statement: {said} ({row.speaker.name if row.speaker else None})"


def compare_speaker(gold: dict[str, Any], match: ReportedStatement, tally: Counter[str]) -> Iterator[str]:
    """Count the speaker, role, organisation, basis and mode of a statement, and yield the disagreements."""
    speaker = match.speaker
    name = speaker.name if speaker else None
    tally["speaker"] += name == gold.get("speaker")
    tally["wrong"] += name is not None and name != gold.get("speaker")
    if name != gold.get("speaker"):
        yield f"speaker {name}, not {gold.get('speaker')}"
        return
    found_fields = {
        "role": speaker.role if speaker else None, "organization": speaker.organization if speaker else None,
        "basis": speaker.basis.value if speaker else None, "mode": match.mode.value,
        "anonymous": speaker.is_anonymous if speaker else None,
    }  # fmt: skip
    for field, plural in (
        ("role", "roles"),
        ("organization", "organizations"),
        ("basis", "bases"),
        ("mode", "modes"),
        ("anonymous", "all"),
    ):
        if field in gold:
            tally[plural] += 1
            tally[field] += found_fields[field] == gold[field]
            if found_fields[field] != gold[field]:
                yield f"{field} {found_fields[field]}, not {gold[field]} ({name})"


def overlap_length(span: Span, start: int, end: int) -> int:
    """Return how many code points a span and a range share."""
    return max(0, min(span.end, end) - max(span.start, start))


def score_article(article: Path, claims: Path, *, shows: bool) -> None:
    """Print the agreement of an article's candidates with its claims written by hand."""
    with article.open(encoding="utf-8", newline="") as file:
        text = file.read()
    candidates = spot_text(text)
    gold = sorted(read_claims(claims), key=lambda row: row[:2])
    covered = [(row, best_candidate(row, candidates)) for row in gold]
    missed = [row for row, found in covered if found is None]
    touched = [found for found in candidates if covered_length(found, gold) * 2 >= found.end - found.start]
    print(f"article: {len(candidates)} candidates, {len(gold)} claims")
    print(f"  claims covered {ratio(len(gold) - len(missed), len(gold))}, by kind: {kinds_covered(gold, candidates)}")
    print(f"  candidates touched {ratio(len(touched), len(candidates))}")
    reported = [row for row in gold if row[2].get("speaker")]
    with_quantities = [row for row in gold if row[2].get("quantities")]
    score_speakers(reported, candidates, shows=shows)
    score_quantities(with_quantities, candidates, shows=shows)
    if shows:
        for row in missed:
            print(f"  not covered: {text[row[0] : row[1]]}")
        for found in candidates:
            if found not in touched:
                print(f"  untouched: {found.quote} [{found.why}]")


def kinds_covered(gold: Sequence[tuple[int, int, dict[str, Any]]], candidates: Sequence[Candidate]) -> str:
    """Return the share of covered claims with a quantity, with a speaker, and with neither."""
    parts = []
    for title, fields in (("quantity", {"quantities"}), ("speaker", {"speaker"}), ("neither", set())):
        wanted = [
            row for row in gold if fields <= row[2].keys() and (fields or not {"quantities", "speaker"} & row[2].keys())
        ]
        parts.append(
            f"{title} {ratio(sum(best_candidate(row, candidates) is not None for row in wanted), len(wanted))}"
        )
    return ", ".join(parts)


def read_claims(folder: Path) -> Iterator[tuple[int, int, dict[str, Any]]]:
    """Yield the start, the end and the fields of each claim, by appearance."""
    import yaml  # noqa: PLC0415  only needed for claims

    for file in sorted(folder.glob("*.yaml")):
        claim = yaml.safe_load(file.read_text(encoding="utf-8"))
        for appearance in claim.get("appearances", ()):
            yield appearance["position"]["start"], appearance["position"]["end"], claim


def best_candidate(row: tuple[int, int, dict[str, Any]], candidates: Sequence[Candidate]) -> Candidate | None:
    """Return the candidate that shares most of a claim, if all candidates together share at least half of it."""
    start, end, _ = row
    parts = [
        (overlap_length(Span(start=found.start, end=found.end), start, end), found)
        for found in candidates
        if found.start < end and found.end > start
    ]
    if sum(part for part, _ in parts) * 2 < end - start:
        return None
    return max(parts, key=lambda part: part[0])[1]


def covered_length(found: Candidate, gold: Iterable[tuple[int, int, dict[str, Any]]]) -> int:
    """Return the number of code points of a candidate that belong to claims."""
    taken: set[int] = set()
    for start, end, _ in gold:
        taken.update(range(max(start, found.start), min(end, found.end)))
    return len(taken)


def score_speakers(
    gold: Sequence[tuple[int, int, dict[str, Any]]], candidates: Sequence[Candidate], *, shows: bool
) -> None:
    """Print the share of the claims' speakers that the candidates name, by basis."""
    tally: Counter[str] = Counter()
    for row in gold:
        found = best_candidate(row, candidates)
        basis, name = row[2]["attribution"].get("speaker_basis"), row[2]["speaker"]["name"]["ko"]
        ours = found.speaker.name if found and found.speaker else None
        tally[basis] += 1
        tally[f"{basis} right"] += ours == name
        tally[f"{basis} wrong"] += ours not in (None, name)
        if shows and ours != name:
            print(f"  speaker {ours}, not {name} ({basis}): {found.quote if found else row[2]['claim_id']}")
        for field in ("role", "organization"):
            wanted = (row[2]["speaker"].get(field) or {}).get("ko")
            named = getattr(found.speaker, field) if found and found.speaker else None
            if ours == name and wanted:
                tally[field] += 1
                tally[f"{field} right"] += named == wanted
    for basis in ("explicit", "pronoun", "carried"):
        right, wrong = tally[f"{basis} right"], tally[f"{basis} wrong"]
        none = tally[basis] - right - wrong
        if basis == "explicit":
            record_score("Article, explicit speakers right", right / max(tally[basis], 1))
        print(f"  speakers, {basis}: right {ratio(right, tally[basis])}, wrong {wrong}, none {none}")
    for field in ("role", "organization"):
        print(f"  {field} {ratio(tally[f'{field} right'], tally[field])}")


def score_quantities(
    gold: Sequence[tuple[int, int, dict[str, Any]]], candidates: Sequence[Candidate], *, shows: bool
) -> None:
    """Print the share of the claims' quantities that are in candidates with the same amount."""
    wanted, hits = 0, 0
    for start, end, claim in gold:
        inside = [
            figure for found in candidates for figure in found.figures if start <= figure.start and figure.end <= end
        ]
        for quantity in claim["quantities"]:
            wanted += 1
            hit = any(same_amount(quantity, figure) for figure in inside)
            hits += hit
            if shows and not hit:
                print(f"  quantity not found: {quantity} in {[figure.text for figure in inside]}")
    print(f"  quantities with the right value: {ratio(hits, wanted)}")
    record_score("Article, quantities with the right value", hits / max(wanted, 1))


def same_amount(quantity: dict[str, Any], figure: Any) -> bool:  # noqa: ANN401
    """Return whether a figure has a quantity's amount and currency."""
    amounts = {str(figure.amount), *(format(value, "f") for value in (figure.amount, figure.low) if value is not None)}
    is_same = str(quantity.get("amount", quantity.get("low"))) in amounts
    return is_same and quantity.get("currency") == figure.currency


def measure_speed(file: Path) -> None:
    """Print the speed of spotting, of finding figures only, and of the naive pipeline."""
    sentences = list(read_sentences(file))
    spot_text("김민수 대표는 “늘었다”고 말했다.")
    ours = best(lambda: [spot_text(sentence) for sentence in sentences])
    figures = best(lambda: [find_figures(sentence) for sentence in sentences])
    naive = best(lambda: naive_pipeline(sentences), times=1)
    size = sum(map(len, sentences))
    print(
        f"speed: {len(sentences)} sentences, {len(sentences) / ours:,.0f} sentences/s, {size / ours:,.0f} characters/s"
    )
    print(f"  figures alone {size / figures:,.0f} characters/s, naive {size / naive:,.0f} characters/s")
    print(f"  {naive / ours:.2f} times the naive")
    record_score("Times the naive pipeline", naive / ours)
    measure_article(sentences)


ARTICLE_LENGTH = 7_000


def measure_article(sentences: Sequence[str]) -> None:
    """Print the time for an article of the sentences, four per paragraph, when everything is loaded."""
    paragraphs = [" ".join(sentences[at : at + 4]) for at in range(0, len(sentences), 4)]
    text = "\n".join(paragraphs)[:ARTICLE_LENGTH]
    took = best(lambda: spot_text(text), times=7) * 1000
    print(f"  an article of {len(text):,} code points: {took:.0f} ms")
    record_score("Article of 7,000 code points, warm, ms", took)


def best(work: Any, times: int = 3) -> float:  # noqa: ANN401
    """Return the shortest processor time of several runs, in seconds."""
    seconds = []
    for _ in range(times):
        started = time.process_time()
        work()
        seconds.append(time.process_time() - started)
    return min(seconds)


def naive_pipeline(sentences: Sequence[str]) -> None:
    """Split and tokenise everything with kiwi, find the figures, and read every token."""
    from claimledger.spotting.korean_sentence import load_kiwi  # noqa: PLC0415

    for text in sentences:
        for sentence in load_kiwi().split_into_sents(text):
            for token in load_kiwi().tokenize(sentence.text):
                _ = (token.form, token.tag, token.start, token.end)
            find_figures(sentence.text)


def read_sentences(file: Path) -> Iterator[str]:
    """Yield the news sentences of a KLUE file, or the lines of another."""
    if file.suffix != ".tsv":
        yield from (line for line in file.read_text(encoding="utf-8").splitlines() if line.strip())
        return
    for block in file.read_text(encoding="utf-8").split("\n\n"):
        rows = block.split("\n")
        if any(row.startswith("##") and "wikitree" in row for row in rows):
            yield "".join(row.split("\t")[0] for row in rows if row and not row.startswith("##"))

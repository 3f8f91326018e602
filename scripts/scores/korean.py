"""Score the spotter's attribution and candidates, and measure its speed.

Cases: made-up paragraphs with what is reported in them (default tests/spotting/*.toml). A statement found counts when
its content shares at least half of `said`; precision counts statements found that match none. A speaker is right when
the name is the same, or when there is none in both; role and organisation count where the gold gives them.

Article: claims written by hand are the gold. A claim is covered when candidates share at least half of its passage; a
candidate is touched when a claim shares at least half of it. Speakers: over the claims with a speaker whose basis is
explicit and whose statement was found, whether the candidate that shares most names the same one.

Speed: sentences of KLUE-NER (or lines of a text), against kiwi splitting and tokenising everything; in processor time.
"""

from __future__ import annotations

import re
import time
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from scores.bars import measured

from claimledger.models import Span
from claimledger.quantities import find_figures
from claimledger.spotting import Candidate, spot_text
from claimledger.spotting.korean import Korean
from claimledger.spotting.language import Reported

CASES = sorted((Path(__file__).resolve().parent.parent.parent / "tests" / "spotting").glob("*.toml"))


def report_on(data: Path, article: Path | None, claims: Path) -> None:
    """Print the scores on made-up news, on the hand-written claims of `article`, and the speed on KLUE's sentences."""
    for cases in CASES:
        score_cases(cases, shows=False)
    if article:
        score_article(article, claims, shows=False)
    measure_speed(data / "klue-ner-v1.1-dev.even.tsv")


def ratio(part: int, whole: int) -> str:
    """Return a share and what it is a share of."""
    return f"{part / max(whole, 1):.3f} ({part} of {whole})"


def statements_of(text: str) -> list[Reported]:
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
        for complaint in compare(case, statements_of(case["text"]), tally):
            if shows:
                print(f"  [{case['group']}] {case['text']}\n      {complaint}")
    hits, found, gold = tally["hits"], tally["found"], tally["gold"]
    print(f"{file.stem}: {len(cases)} paragraphs; statements P {ratio(hits, found)} R {ratio(hits, gold)}")
    print(f"  speakers right {ratio(tally['speaker'], hits)}; wrong ones named {tally['wrong']}")
    fields = (("role", "roles"), ("organization", "organizations"), ("basis", "bases"), ("mode", "modes"))
    print("  " + "; ".join(f"{plural} {ratio(tally[field], tally[plural])}" for field, plural in fields))


def compare(case: dict[str, Any], found: Sequence[Reported], tally: Counter[str]) -> Iterator[str]:
    """Count one case, yielding what disagrees."""
    free = list(found)
    tally["found"] += len(found)
    for gold in case["statements"]:
        tally["gold"] += 1
        start = case["text"].index(gold["said"])
        match = next(
            (row for row in free if shared(row.content, start, start + len(gold["said"])) * 2 >= len(gold["said"])),
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


def compare_speaker(gold: dict[str, Any], match: Reported, tally: Counter[str]) -> Iterator[str]:
    """Count a statement's speaker and the rest of its record."""
    speaker = match.speaker
    name = speaker.name if speaker else None
    tally["speaker"] += name == gold.get("speaker")
    tally["wrong"] += name is not None and name != gold.get("speaker")
    if name != gold.get("speaker"):
        yield f"speaker {name}, not {gold.get('speaker')}"
        return
    told = {
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
            tally[field] += told[field] == gold[field]
            if told[field] != gold[field]:
                yield f"{field} {told[field]}, not {gold[field]} ({name})"


def shared(span: Span, start: int, end: int) -> int:
    """Return how many code points a span and a range share."""
    return max(0, min(span.end, end) - max(span.start, start))


def score_article(article: Path, claims: Path, *, shows: bool) -> None:
    """Print how the candidates of an article agree with the claims written for it by hand."""
    with article.open(encoding="utf-8", newline="") as file:
        text = file.read()
    candidates = spot_text(text)
    gold = sorted(read_claims(claims), key=lambda row: row[:2])
    covered = [(row, best_of(row, candidates)) for row in gold]
    missed = [row for row, found in covered if found is None]
    touched = [found for found in candidates if covered_part(found, gold) * 2 >= found.end - found.start]
    print(f"article: {len(candidates)} candidates, {len(gold)} claims")
    print(f"  claims covered {ratio(len(gold) - len(missed), len(gold))}, by kind: {kinds_covered(gold, candidates)}")
    print(f"  candidates touched {ratio(len(touched), len(candidates))}")
    reported = [row for row in gold if row[2].get("speaker")]
    measured = [row for row in gold if row[2].get("quantities")]
    score_speakers(reported, candidates, shows=shows)
    score_quantities(measured, candidates, shows=shows)
    if shows:
        for row in missed:
            print(f"  not covered: {text[row[0] : row[1]]}")
        for found in candidates:
            if found not in touched:
                print(f"  untouched: {found.quote} [{found.why}]")


def kinds_covered(gold: Sequence[tuple[int, int, dict[str, Any]]], candidates: Sequence[Candidate]) -> str:
    """Return how many claims are covered of those with a quantity, with a speaker, and with neither."""
    told = []
    for title, fields in (("quantity", {"quantities"}), ("speaker", {"speaker"}), ("neither", set())):
        wanted = [
            row for row in gold if fields <= row[2].keys() and (fields or not {"quantities", "speaker"} & row[2].keys())
        ]
        told.append(f"{title} {ratio(sum(best_of(row, candidates) is not None for row in wanted), len(wanted))}")
    return ", ".join(told)


def read_claims(folder: Path) -> Iterator[tuple[int, int, dict[str, Any]]]:
    """Yield the positions of claims and the claims."""
    import yaml  # noqa: PLC0415 - for claims alone

    for file in sorted(folder.glob("*.yaml")):
        claim = yaml.safe_load(file.read_text(encoding="utf-8"))
        for appearance in claim.get("appearances", ()):
            yield appearance["position"]["start"], appearance["position"]["end"], claim


def best_of(row: tuple[int, int, dict[str, Any]], candidates: Sequence[Candidate]) -> Candidate | None:
    """Return the candidate that shares most of a claim, if together they share half of it."""
    start, end, _ = row
    parts = [
        (shared(Span(start=found.start, end=found.end), start, end), found)
        for found in candidates
        if found.start < end and found.end > start
    ]
    if sum(part for part, _ in parts) * 2 < end - start:
        return None
    return max(parts, key=lambda part: part[0])[1]


def covered_part(found: Candidate, gold: Iterable[tuple[int, int, dict[str, Any]]]) -> int:
    """Return how many code points of a candidate stand in claims."""
    taken: set[int] = set()
    for start, end, _ in gold:
        taken.update(range(max(start, found.start), min(end, found.end)))
    return len(taken)


def score_speakers(
    gold: Sequence[tuple[int, int, dict[str, Any]]], candidates: Sequence[Candidate], *, shows: bool
) -> None:
    """Print how many of the claims' speakers the candidates name, by basis."""
    tally: Counter[str] = Counter()
    for row in gold:
        found = best_of(row, candidates)
        basis, name = row[2]["attribution"].get("speaker_basis"), row[2]["speaker"]["name"]["ko"]
        ours = found.speaker.name if found and found.speaker else None
        tally[basis] += 1
        tally[f"{basis} right"] += ours == name
        tally[f"{basis} wrong"] += ours not in (None, name)
        if shows and ours != name:
            print(f"  speaker {ours}, not {name} ({basis}): {found.quote if found else row[2]['claim_id']}")
        for field in ("role", "organization"):
            wanted = (row[2]["speaker"].get(field) or {}).get("ko")
            told = getattr(found.speaker, field) if found and found.speaker else None
            if ours == name and wanted:
                tally[field] += 1
                tally[f"{field} right"] += told == wanted
    for basis in ("explicit", "pronoun", "carried"):
        right, wrong = tally[f"{basis} right"], tally[f"{basis} wrong"]
        none = tally[basis] - right - wrong
        if basis == "explicit":
            measured("Article, explicit speakers right", right / max(tally[basis], 1))
        print(f"  speakers, {basis}: right {ratio(right, tally[basis])}, wrong {wrong}, none {none}")
    for field in ("role", "organization"):
        print(f"  {field} {ratio(tally[f'{field} right'], tally[field])}")


def score_quantities(
    gold: Sequence[tuple[int, int, dict[str, Any]]], candidates: Sequence[Candidate], *, shows: bool
) -> None:
    """Print how many of the claims' quantities stand in candidates with the same amount."""
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
    measured("Article, quantities with the right value", hits / max(wanted, 1))


def same_amount(quantity: dict[str, Any], figure: Any) -> bool:  # noqa: ANN401
    """Whether a figure has a quantity's amount and currency."""
    amounts = {str(figure.amount), *(format(value, "f") for value in (figure.amount, figure.low) if value is not None)}
    is_same = str(quantity.get("amount", quantity.get("low"))) in amounts
    return is_same and quantity.get("currency") == figure.currency


def measure_speed(file: Path) -> None:
    """Print the speed of spotting, of figures alone, and of the naive pipeline."""
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
    measured("Times the naive pipeline", naive / ours)
    measure_article(sentences)


ARTICLE_LENGTH = 7_000


def measure_article(sentences: Sequence[str]) -> None:
    """Print how long an article takes when everything is loaded: the sentences, four a paragraph."""
    paragraphs = [" ".join(sentences[at : at + 4]) for at in range(0, len(sentences), 4)]
    text = "\n".join(paragraphs)[:ARTICLE_LENGTH]
    took = best(lambda: spot_text(text), times=7) * 1000
    print(f"  an article of {len(text):,} code points: {took:.0f} ms")
    measured("Article of 7,000 code points, warm, ms", took)


def best(work: Any, times: int = 3) -> float:  # noqa: ANN401
    """Return the least seconds some work takes."""
    seconds = []
    for _ in range(times):
        started = time.process_time()
        work()
        seconds.append(time.process_time() - started)
    return min(seconds)


def naive_pipeline(sentences: Sequence[str]) -> None:
    """Split and tokenise everything with kiwi, find the figures, read every token."""
    from claimledger.spotting.korean_sentence import kiwi  # noqa: PLC0415

    for text in sentences:
        for sentence in kiwi().split_into_sents(text):
            for token in kiwi().tokenize(sentence.text):
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

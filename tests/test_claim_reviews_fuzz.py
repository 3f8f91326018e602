"""The importer accepts every document: real documents, randomly mutilated documents and random bytes.

The environment variable CLAIMLEDGER_FUZZ sets their number (`python scripts/faults` sets it to twenty thousand). Each
document has its own seed, so that a failure can be repeated by its number.
"""

from __future__ import annotations

import copy
import json
import os
import random
from collections.abc import Iterator
from typing import Any

import pytest
import strategies
import wild_reviews as wild
from hypothesis import given, settings
from hypothesis import strategies as st

from claimledger.foreign_reviews import IMPORT_NOTE_CODES, ReviewImport, read_claim_reviews
from claimledger.publishing.json_ld import encode_json, to_json_ld

pytestmark = pytest.mark.slow

DOCUMENTS = int(os.environ.get("CLAIMLEDGER_FUZZ", "1000"))
BATCHES = 20
SCALARS: tuple[Any, ...] = (
    None, True, False, 0, -1, 5, 1e400, 10**400, "", " ", "\ud800", "\x00", "\u2028", "바이두", "&amp;amp;", "&#0;",
    "&#xD800;", "2031-13-45", "0000-00-00", "https://", "http://[", "//x", "a" * 25_000, "NaN", "-0", "１２",
    "ClaimReview",
    "https://schema.org/ClaimReview", [], {}, [[[]]], {"@type": "ClaimReview"}, {"@value": "x"}, {"name": {"name": []}},
)  # fmt: skip
NAMES = (
    "@type", "@graph", "@id", "claimReviewed", "url", "author", "name", "reviewRating", "ratingValue", "bestRating",
    "alternateName", "itemReviewed", "datePublished", "appearance", "claimReview", "claimReviewMarkups", "text",
    "publisher", "inLanguage", "citation", "", "\ud800", "가",
)  # fmt: skip


def mutilated_document(seed: int) -> bytes:
    """Return a real document with a random number of random changes to its values and its bytes."""
    chance = random.Random(seed)  # noqa: S311  no secret
    value = copy.deepcopy(chance.choice(wild.VALUES))
    for _ in range(chance.randrange(6)):
        value = change_value(value, chance)
    text = (
        json_with_repeated_names(value, chance)
        if chance.random() < 0.3
        else json.dumps(value, ensure_ascii=chance.random() < 0.5)
    )
    content = chance.choice((text.encode("utf-8", "surrogatepass"), text.encode("utf-16", "surrogatepass"),
                             wild.page(value), text.encode("cp949", "replace"),
                             b"\xef\xbb\xbf" + wild.page(value, {})))  # fmt: skip
    return damage_bytes(content, chance) if chance.random() < 0.4 else content


def change_value(value: Any, chance: random.Random) -> Any:  # noqa: ANN401  any JSON value
    """Return a JSON value with one part replaced, renamed, removed, put into a list or repeated."""
    if not isinstance(value, dict | list) or not value or chance.random() < 0.1:
        return chance.choice(
            (
                copy.deepcopy(chance.choice(SCALARS)),
                [value],
                {chance.choice(NAMES): value},
                [value, copy.deepcopy(value)],
            )
        )
    key = chance.choice(list(value) if isinstance(value, dict) else range(len(value)))
    if isinstance(value, dict) and chance.random() < 0.2:
        value[chance.choice(NAMES)] = value.pop(key)
    elif chance.random() < 0.1:
        value.pop(key)
    else:
        value[key] = change_value(value[key], chance)
    return value


def damage_bytes(content: bytes, chance: random.Random) -> bytes:
    """Return bytes with some parts cut, changed, inserted or repeated."""
    broken = bytearray(content)
    for _ in range(chance.randrange(1, 8)):
        at = chance.randrange(len(broken) + 1)
        match chance.randrange(4):
            case 0:
                del broken[at : at + chance.randrange(40)]
            case 1:
                broken[at : at + 1] = bytes([chance.randrange(256)])
            case 2:
                broken[at:at] = chance.choice(
                    (b"\x00", b"\xff\xfe", b"</script>", b"<script", b'"', b"\\ud800", b"[" * 5000)
                )
            case 3:
                broken[at:at] = broken[at : at + chance.randrange(200)]
    return bytes(broken)


def assert_accounted(content: bytes) -> ReviewImport:
    """Import a document; assert that its notes can be written, and that its reviews are printed and read unchanged."""
    taken = read_claim_reviews(content)
    assert {note.code for note in taken.notes} <= IMPORT_NOTE_CODES.keys()
    json.dumps([note._asdict() for note in taken.notes], ensure_ascii=False).encode()
    left_out = {note.item for note in taken.notes if note.code in ("no-claim", "duplicate")}
    assert len(taken.reviews) + len(left_out) == taken.found
    assert taken.found or taken.notes
    for review in taken.reviews:
        printed = encode_json(to_json_ld(review))
        assert read_claim_reviews(printed).reviews == (review,), printed
    return taken


@pytest.mark.parametrize("batch", range(BATCHES))
def test_mutilated_document_raises_no_error(batch: int) -> None:
    found = 0
    for seed in range(batch, DOCUMENTS, BATCHES):
        try:
            found += assert_accounted(mutilated_document(seed)).found
        except Exception as fault:
            raise AssertionError(f"document {seed}: {mutilated_document(seed)[:2000]!r}") from fault
    assert found  # most mutilated documents still contain a review, or the test would compare nothing


@settings(strategies.examples(100))
@given(
    st.binary(max_size=200)
    | st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10) | st.sampled_from(NAMES),
        lambda below: st.lists(below, max_size=4) | st.dictionaries(st.sampled_from(NAMES), below, max_size=5),
        max_leaves=20,
    ).map(lambda value: json.dumps(value).encode())
)
def test_random_document_raises_no_error(content: bytes) -> None:
    assert_accounted(content)


def parse_as_pairs(document: str) -> Any:  # noqa: ANN401  any JSON value
    """Parse a JSON document with each object as its pairs, without using the importer."""
    return json.loads(document, strict=False, object_pairs_hook=tuple)


def json_with_repeated_names(value: Any, chance: random.Random) -> str:  # noqa: ANN401  any JSON value
    """Return a value as JSON in which some objects repeat a name, first with another value."""
    if isinstance(value, list):
        return f"[{', '.join(json_with_repeated_names(part, chance) for part in value)}]"
    if not isinstance(value, dict):
        return json.dumps(value)
    members = []
    for name, part in value.items():
        if chance.random() < 0.1 and name not in ("@type", "@context"):
            members.append(f"{json.dumps(name)}: {json.dumps([f'lost {chance.random()}'])}")
        members.append(f"{json.dumps(name)}: {json_with_repeated_names(part, chance)}")
    return f"{{{', '.join(members)}}}"


def count_reviews(part: Any) -> int:  # noqa: ANN401  any JSON value
    """Return how many reviews a parsed document has; the last value of a repeated name counts."""
    if isinstance(part, list):
        return sum(map(count_reviews, part))
    if not isinstance(part, tuple):
        return 0
    fields = dict(part)
    types: Any = fields.get("@type")
    types = types if isinstance(types, list) else [types]
    if any(str(name).replace(":", "/").split("/")[-1] == "ClaimReview" for name in types):
        return 1
    lists = [fields[name] for name in ("claimReview", "claimReviewMarkups") if isinstance(fields.get(name), list)]
    counts = [count for some in lists if (count := sum(isinstance(one, tuple) for one in some))]
    return counts[0] if counts and "@type" not in fields else sum(map(count_reviews, fields.values()))


def document_leaves(part: Any, path: str = "") -> Iterator[tuple[str, str]]:  # noqa: ANN401  any JSON value
    """Yield each non-empty value of a document with its path, except types and contexts."""
    if isinstance(part, list):
        for place, below in enumerate(part):
            yield from document_leaves(below, f"{path}{place}.")
    elif isinstance(part, tuple):
        for name, below in part:
            if name not in ("@type", "@context"):
                yield from document_leaves(below, f"{path}{name}.")
    elif part is not None and str(part).strip():
        yield path, part if isinstance(part, str) else json.dumps(part)


def unaccounted_values(document: str, taken: ReviewImport) -> list[tuple[str, str]]:
    """Return the values of a document, with their paths, that are neither in a record nor in a note."""
    record = set(wild.leaves([review.model_dump(mode="json") for review in taken.reviews]).values())
    noted = {note.before[:300] for note in taken.notes}
    whole = tuple(f"{note.path}." if note.path else "" for note in taken.notes if note.code == "not-a-claim-review")
    return [(path, value) for path, value in document_leaves(parse_as_pairs(document))
            if value not in record and encodable(value)[:300] not in noted
            and not encodable(path).startswith(whole)]  # fmt: skip


def test_values_are_recorded_or_noted_and_reviews_are_counted() -> None:
    compared = 0
    for seed in range(DOCUMENTS):
        chance = random.Random(seed)  # noqa: S311  no secret
        value = copy.deepcopy(chance.choice(wild.VALUES))
        for _ in range(chance.randrange(4)):
            value = change_value(value, chance)
        document = json_with_repeated_names([value], chance)
        for content in (document.encode(), wild.page_of(document)):
            taken = read_claim_reviews(content)
            assert taken.found == count_reviews(parse_as_pairs(document)), (seed, document)
            if not {note.code for note in taken.notes} & {"no-claim", "duplicate"}:  # which is one note
                compared += 1
                assert unaccounted_values(document, taken) == [], (seed, document)
    assert compared > DOCUMENTS  # more than half


def test_values_of_a_mutilated_review_are_recorded_or_noted() -> None:
    for seed in range(DOCUMENTS // 4):
        chance = random.Random(seed)  # noqa: S311  no secret
        node = copy.deepcopy(chance.choice([node for node in wild.NODES if node["claimReviewed"]]))
        for name in chance.sample(sorted(node.keys() - {"@type", "claimReviewed"}), 2):
            node[name] = change_value(node[name], chance)
        taken = read_claim_reviews(json.dumps(node).encode())
        record = set(wild.leaves([review.model_dump(mode="json") for review in taken.reviews]).values())
        noted = {note.path for note in taken.notes}
        lost = {path: value for path, value in wild.leaves(node).items()
                if value not in record and encodable(path) not in noted and "@type" not in path}  # fmt: skip
        assert lost == {}, (seed, node)


def encodable(path: str) -> str:
    return path.encode("utf-8", "replace").decode()

"""Score the search for related earlier claims on the pairs of `tests/earlier_pairs.toml`.

The index contains each claim and a twin with a wrong figure. A claim is found if it is among the first five results.
A claim is recognised if figures, names and dates agree. One line is printed per language.
"""

from __future__ import annotations

import tempfile
import tomllib
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from environment import ROOT, say

from claimledger.earlier_claims import compare_profiles, profile_of_text
from claimledger.editorial.earlier_matches import EarlierReview, find_earlier_matches
from claimledger.newsroom.review_versions import store_foreign_reviews
from claimledger.newsroom.store import DeskStore
from claimledger.models import ForeignReview
from claimledger.desk_vocabulary import Likeness
from scores.bars import record_score

OFFERED = 5


def report() -> None:
    """Print the scores and record them for the targets."""
    rows = tomllib.loads((ROOT / "tests" / "earlier_pairs.toml").read_text(encoding="utf-8"))
    every = [pair for pairs in rows.values() for pair in pairs]
    with tempfile.TemporaryDirectory() as folder, DeskStore(Path(folder) / "desk.db", Path(folder) / "log") as store:
        known = [text for claim, again, right, wrong in every for text in (claim, again.replace(right, wrong))]
        with store.writing() as connection:
            store_foreign_reviews(connection, [_review(text) for text in known], "score", datetime.now(UTC))
        found = {language: [_is_found(store, *pair[:2]) for pair in pairs] for language, pairs in rows.items()}
    say("Regression on our own made-up texts (no score of real text):")
    for language, hits in found.items():
        same = sum(_has_same_figures(again, claim) for claim, again, *_ in rows[language])
        say(
            f"earlier claims, {language}: {sum(hits)} of {len(hits)} in the first {OFFERED}, "
            f"{same} recognised by their figures"
        )
    record_score("Earlier claims, found in the first five", sum(map(sum, found.values())) / len(every))
    wrong = sum(_has_same_figures(again.replace(right, other), claim) for claim, again, right, other in every)
    record_score("Earlier claims, wrong numbers the same", wrong)


def _review(text: str) -> ForeignReview:
    return ForeignReview(url="https://example.org/review", publisher="Review", claim_text=text, rating="True")


def _is_found(store: DeskStore, claim: str, again: str) -> bool:
    offered: Sequence[object] = find_earlier_matches(store, profile_of_text(again), (), OFFERED)
    return claim in [one.review.claim_text for one in offered if isinstance(one, EarlierReview)]


def _has_same_figures(asked: str, known: str) -> bool:
    return compare_profiles(profile_of_text(asked), profile_of_text(known)).likeness in (
        Likeness.SAME,
        Likeness.FIGURES,
    )

"""The passages of an archive that repeat a checked claim are listed with the reason, and no others."""

from __future__ import annotations

import csv
from pathlib import Path

import newsroom
import pytest
from archive_sources import spot_quietly, write_lines
from click.testing import CliRunner
from newsroom import CARGO, Clock
from packages import needed

from claimledger import desk
from claimledger.archive.known_claims import KnownClaim, claims_with_figures, index_figures
from claimledger.archive.repeats import RepeatedClaim, repeated_claims
from claimledger.cli import main
from claimledger.desk_vocabulary import Likeness
from claimledger.earlier_claims import profile_of_text
from claimledger.foreign_reviews import read_claim_reviews
from claimledger.ledger.files import LedgerPaths
from claimledger.spotting import candidate_to_json, spot_text

CARGO_CLAIM = "Haneul Port moved 1.38 million tonnes of cargo in 2030."
BRIDGE_CLAIM = "The bridge of Byeolbit took 18 months to build and cost 42.7 million dollars."
STAFF_CLAIM = "별빛항만공사 직원은 2030년에 1,284명이었다."


def find_repeated(claim: str, text: str) -> list[RepeatedClaim]:
    known = [KnownClaim("one", "", "Refuted", claim, profile_of_text(claim))]
    found: list[RepeatedClaim] = []
    for candidate in spot_text(text):
        fields = candidate_to_json(candidate)
        row = fields | {"article_id": "a", "file": "a.jsonl", "line": 1, "speaker": None, "organization": None}
        row |= {"speaker": candidate.speaker.name if candidate.speaker else None}
        found += repeated_claims(row, claims_with_figures(index_figures(known), fields["figures"]))
    return found


@pytest.mark.parametrize(
    ("claim", "text"),
    [
        (CARGO_CLAIM, "In the record year 2030, cargo at Haneul Port came to 1,380,000 tonnes."),
        (BRIDGE_CLAIM, "Builders needed 18 months for the bridge at Byeolbit, which cost $42.7m."),
        (STAFF_CLAIM, "별빛항만공사는 2030년 한 해 직원 1284명을 두었다."),
        (STAFF_CLAIM.replace("별빛", "하늘"), "하늘항만공사에서 일한 직원은 1,284명으로 2030년에 가장 많았다."),
    ],
)
def test_figure_is_found_in_another_wording(claim: str, text: str) -> None:
    (found,) = find_repeated(claim, text)
    assert (found.verdict, found.statement, found.likeness) == ("Refuted", claim, Likeness.FIGURES)
    assert {reason.what for reason in found.reasons} >= {"figure", "name"}
    assert all(reason.agrees for reason in found.reasons)


@pytest.mark.parametrize(
    "text",
    [
        "Haneul Port moved 1.83 million tonnes of cargo in 2030.",  # another figure
        "Haneul Port moved 1.38 million tonnes of cargo in 2029.",  # another year
        "Naru Harbour moved 1.38 million tonnes of cargo in 2030.",  # another name
        "Haneul sold 1.38 million tonnes.",  # nothing else agrees
        "Haneul Port paid 1.38 million dollars for cargo scales in 2030.",  # another unit
    ],
)
def test_other_facts_are_left_out(text: str) -> None:
    assert find_repeated(CARGO_CLAIM, text) == []


@pytest.mark.parametrize(
    ("claim", "text"),
    [
        ("The council of Byeolbit hired 3 clerks in the hall.", "3 clerks of Byeolbit left the council and its hall."),
        ("The new Haneul 12-inch tablet will be shown in March.", "Haneul has a 12-inch tablet that was shown again."),
        ("The Haneul watch will cost around $999 in the shops.", "The Haneul watch sold for $1,000 in other shops."),
    ],
)  # fmt: skip
def test_common_figures_alone_are_not_enough(claim: str, text: str) -> None:
    assert find_repeated(claim, text) == []


@pytest.mark.slow
def test_past_check_is_found_with_its_rating(tmp_path: Path) -> None:
    run = CliRunner().invoke
    places = LedgerPaths(tmp_path / "desk")
    (places.root / "claims").mkdir(parents=True)
    (tmp_path / "past.csv").write_text(f'claim,rating\n"{STAFF_CLAIM}",사실 아님\n', encoding="utf-8")
    mapping = 'name = "past"\n[columns]\nclaim = "claim"\nrating = "rating"\n[publisher]\nen = "Seorae"\nko = "서래"\n'
    (tmp_path / "past.toml").write_text(mapping, encoding="utf-8")
    importing = ["--root", str(places.root), "import"]
    checks = ["checks", str(tmp_path / "past.csv"), "--mapping", str(tmp_path / "past.toml")]
    assert run(main, [*importing, *checks], env=newsroom.acting(places, "kim")).exit_code == 0
    approved = run(main, [*importing, "approve", "past", "--yes"], env=newsroom.acting(places, "lee"))
    assert approved.exit_code == 0, approved.stderr
    write_lines(tmp_path / "s.jsonl", [{"id": "x", "text": "별빛항만공사는 2030년 한 해 직원 1284명을 두었다."}])
    spot_quietly(tmp_path / "s.jsonl", tmp_path / "out")
    shown = run(main, ["--root", str(places.root), "archive", "match", str(tmp_path / "out"), "--lang", "ko"])
    assert "one of 1 claim;" in shown.stderr
    (row,) = csv.DictReader(shown.stdout.removeprefix("\ufeff").splitlines())
    assert (row["publisher"], row["verdict"], row["statement"]) == ("서래", "사실 아님", STAFF_CLAIM)


@pytest.mark.slow
def test_match_shows_claims_and_reviews_with_their_verdicts(tmp_path: Path) -> None:
    places = newsroom.published(tmp_path / "desk", Clock())
    review = (Path(__file__).parent.parent / "docs" / "examples" / "review.json").read_bytes()
    desk.import_reviews(places, read_claim_reviews(review).reviews, newsroom.actor("kim"), origin="review.json")
    article = {"id": "x", "text": f"In 2030 Haneul port moved about 1.2 million tonnes of cargo.\n{CARGO_CLAIM}"}
    write_lines(tmp_path / "source.jsonl", [article, article])
    spot_quietly(tmp_path / "source.jsonl", tmp_path / "out")
    run = CliRunner().invoke
    options = ["--root", str(places.root), "archive", "match", str(tmp_path / "out")]
    shown = run(main, [*options, "--lang", "ko"])
    rows = list(csv.DictReader(shown.stdout.removeprefix("\ufeff").splitlines()))
    assert [(row["claim"], row["verdict"], row["line"]) for row in rows] == [
        (CARGO, "검증 전", "1"), ("https://checks.example/port-cargo", "'False", "1"),
    ]  # fmt: skip
    assert rows[0]["reason"].startswith("수치 ")
    assert run(main, [*options, "-o", str(tmp_path / "m.parquet")]).exit_code == 0
    table = needed("pyarrow.parquet").read_table(tmp_path / "m.parquet").to_pylist()
    assert [row["claim"] for row in table] == [row["claim"] for row in rows]
    assert "ends with .csv or .parquet" in run(main, [*options, "-o", str(tmp_path / "m.txt")]).stderr
    printed = run(main, ["archive", "article", str(tmp_path / "source.jsonl"), str(tmp_path / "out"), "x"])
    assert printed.stdout == article["text"]
    write_lines(tmp_path / "source.jsonl", [])
    arguments = ["archive", "article", str(tmp_path / "source.jsonl"), str(tmp_path / "out")]
    assert "no longer has the text of 'x'" in run(main, [*arguments, "x"]).stderr
    assert "has no article 'y'" in run(main, [*arguments, "y"]).stderr

"""Import of an archive of past checks: reading, mapping, approval by a second editor, and updates."""

from __future__ import annotations

import json
import re
import sqlite3
from contextlib import closing
from pathlib import Path

import newsroom
import pytest
from click.testing import CliRunner, Result

from claimledger.cli import main
from claimledger.desk import check_imports, lookups
from claimledger.foreign_reviews import check_mapping, check_tables
from claimledger.ledger.files import LedgerPaths
from claimledger.ledger.log import read_log
from claimledger.verify_log import main as verify

ARCHIVE = """claim,verdict,url,date,speaker,note
하늘항의 화물은 2028년에 90만t이었다.,대체로 사실,https://example.org/seorae/1,2029-02-03,서미래,a
Ferry fares doubled in 2027.,  Mostly FALSE!,https://example.org/seorae/2,3/4/2028,,b
No rating here.,,https://example.org/seorae/3,2028-01-01,,c
,False,https://example.org/seorae/4,2028-01-01,,d
"""
MAPPING = """name = "seorae"
[columns]
claim = "claim"
rating = "verdict"
address = "url"
checked_on = "date"
speaker = "speaker"
[publisher]
en = "Seorae Daily"
ko = "서래일보"
"""


@pytest.fixture
def places(tmp_path: Path) -> LedgerPaths:
    (tmp_path / "archive.csv").write_bytes(ARCHIVE.encode("cp949"))
    (tmp_path / "archive.toml").write_text(MAPPING, encoding="utf-8")
    return LedgerPaths(tmp_path)


def run(places: LedgerPaths, *arguments: str, by: str | None = "kim") -> Result:
    command = ["--root", str(places.root), "import", *arguments]
    return CliRunner().invoke(main, command, env=newsroom.acting(places, by))


def import_archive(places: LedgerPaths, content: str = ARCHIVE, **by: str | None) -> Result:
    (places.root / "archive.csv").write_text(content, encoding="utf-8")
    return run(places, "checks", str(places.root / "archive.csv"), "--mapping", str(places.root / "archive.toml"), **by)


def rows(places: LedgerPaths, sql: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(places.ledger)) as connection:
        return connection.execute(sql).fetchall()


@pytest.mark.slow
def test_archive_becomes_public_only_by_a_second_editor(places: LedgerPaths) -> None:
    proposed = import_archive(places)
    assert "archive.csv: 4 rows. new 2, changed 0, unchanged 0, refused 2." in proposed.stderr
    assert "4: no-rating: " in proposed.stdout
    assert "5: no-claim: " in proposed.stdout
    assert "3: checked_on: date-unreadable: 3/4/2028" in proposed.stdout
    assert "note (4)" in proposed.stderr
    assert not places.log.exists()
    assert "another editor must approve it" in run(places, "approve", "seorae", "--yes").stderr
    assert "2 earlier checks published." in run(places, "approve", "seorae", "--yes", by="lee").stdout
    found = rows(places, "SELECT import_id, publisher, publisher_ko, rating, speaker, address FROM earlier_checks")
    assert sorted(found, key=str) == [
        ("seorae", "Seorae Daily", "서래일보", "  Mostly FALSE!", None, "https://example.org/seorae/2"),
        ("seorae", "Seorae Daily", "서래일보", "대체로 사실", "서미래", "https://example.org/seorae/1"),
    ]
    assert rows(places, "SELECT count(*) FROM claims") == rows(places, "SELECT count(*) FROM verdicts") == [(0,)]
    assert rows(places, "SELECT count(*) FROM tallies") == [(0,)]
    assert [path.name for path in places.claims.iterdir()] == ["log"]
    assert verify([str(places.log)]) in (0, 3)


@pytest.mark.slow
def test_archive_again_adds_nothing_and_a_correction_is_an_update(places: LedgerPaths) -> None:
    import_archive(places)
    run(places, "approve", "seorae", "--yes", by="lee")
    again = import_archive(places)
    assert "new 0, changed 0, unchanged 2, refused 2" in again.stderr
    assert "nothing waits for approval" in again.stderr
    corrected = ARCHIVE.replace("Mostly FALSE!", "False").replace("90만t이었다", "91만t이었다")
    without_last = "\n".join(corrected.splitlines()[:3]) + "\n"
    assert "new 0, changed 2, unchanged 0, refused 0" in import_archive(places, without_last).stderr
    run(places, "approve", "seorae", "--yes", by="lee")
    kinds = [json.loads(entry.body)["kind"] for entry in read_log(places.log)]
    assert kinds == ["listed", "listed", "update", "update"]
    assert len(rows(places, "SELECT 1 FROM earlier_checks")) == 2
    gone = import_archive(places, ARCHIVE.splitlines()[0] + "\nNew one.,False,https://example.org/9,2028,,\n")
    assert "new 1, changed 0, unchanged 0, refused 0" in gone.stderr
    assert "stay as they are (2)" in gone.stderr
    assert "waits already" in import_archive(places).stderr
    assert "Discarded: seorae" in run(places, "discard", "seorae", "--reason", "A wrong file.").stdout
    assert check_imports.list_waiting_imports(places) == []
    refused = run(places, "approve", "seorae", by="lee")
    assert (refused.exit_code, "Publish these" in refused.stderr) == (1, False)


@pytest.mark.slow
def test_earlier_check_is_found_by_paraphrase(places: LedgerPaths) -> None:
    import_archive(places)
    run(places, "approve", "seorae", "--yes", by="lee")
    (match,) = lookups.find_earlier_for_text(places, "2028년 하늘항이 다룬 화물은 90만 톤이다.", 1)
    assert match.check.rating == "대체로 사실"  # type: ignore[union-attr]
    shown = CliRunner().invoke(main, ["--root", str(places.root), "earlier", "Fares of the ferry doubled in 2027"])
    assert "earlier check by Seorae Daily  “  Mostly FALSE!”" in shown.stdout


def test_mapping_is_drafted_from_the_columns_and_shown(places: LedgerPaths) -> None:
    result = run(places, "checks", str(places.root / "archive.csv"), by=None)
    draft = (places.root / "archive.mapping.toml").read_text(encoding="utf-8")
    assert draft in result.stdout
    assert 'rating = "verdict"  # 대체로 사실' in draft
    assert "#   note: a" in draft
    assert "Nothing was stored" in result.stderr
    assert not places.desk.exists()
    (places.root / "archive.toml").write_text("name = 'seorae'\n[columns]\nrateing = 'verdict'\n", encoding="utf-8")
    refused = import_archive(places, by=None)
    assert refused.exit_code == 1
    assert "rateing: unknown field; claim: no column; rating: no column" in refused.stderr


KOREAN_SHEET = """번호,주장,발언자,판정,기사 링크,검증일
1,화물은 90만t이다.,서미래,사실,https://seorae.example/checks/2031/04/a-long-address/1,31.4.7
"""
ENGLISH_SHEET = """Check no.,Claim,Said by,Verdict,URL,Date
HD-1,Fares doubled.,City council,False,https://harbour.example/1,2031-04-07
"""


@pytest.mark.parametrize(
    ("file", "content", "lang", "lines"),
    [
        (
            "지난검증.csv", KOREAN_SHEET, "ko",
            ['name = "archive"  # a-z', '# dates = "year first"  # 31.4.7', 'id = "번호"', 'language = "ko"',
             '# ko = "하늘일보"', "# 가져오지 않는 열:", "항목 = 열"],
        ),
        (
            "Past checks.csv", ENGLISH_SHEET, "en",
            ['name = "past-checks"\n', '# dates = "day first"', 'id = "Check no."', '# language = "en"',
             '# en = "Haneul Daily"', "# Not taken:", "field = column"],
        ),
    ],
)  # fmt: skip
def test_mapping_is_drafted_in_the_language_of_the_newsroom(
    places: LedgerPaths, file: str, content: str, lang: str, lines: list[str]
) -> None:
    settings = 'organization = { en = "Haneul Daily", ko = "하늘일보" }\n'
    (places.root / "claimledger.toml").write_text(settings, encoding="utf-8")
    (places.root / file).write_text(content, encoding="utf-8")
    result = run(places, "checks", str(places.root / file), "--lang", lang, by=None)
    assert result.exit_code == 0, result.output
    assert [line for line in lines if line not in result.stdout] == []
    other = "[가-힣]" if lang == "en" else "Look through|the same for"
    assert not re.search(other, result.stdout.replace("하늘일보", ""))


def test_claim_that_the_search_for_earlier_claims_cannot_read_is_noted(places: LedgerPaths) -> None:
    words = {"2": "다리가 무너졌다.", "3": "الجسر انهار", "4": "Мост обрушился", "5": "Bridge collapsed."}
    lines = [f"{claim},False,https://seorae.example/{number},,,\n" for number, claim in words.items()]
    result = import_archive(places, ARCHIVE.splitlines()[0] + "\n" + "".join(lines))
    noted = re.findall("(?m)^([0-9]+): claim: other-script", result.stdout)
    assert noted == ["3", "4"]
    assert "other-script (2): The claim has no words in Korean or Latin letters." in result.stderr


def test_second_row_of_a_check_with_other_content_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "a.tsv"
    file.write_text('1.json\tfalse\tThe "old" bridge fell.\n1.json\ttrue\tThe "old" bridge fell.\n', encoding="utf-8")
    mapping = check_mapping.CheckMapping(
        name="a", header=False, columns={"claim": "column 3", "rating": "column 2"}, publisher={"en": "A"}
    )
    read = check_mapping.map_rows(check_tables.read_rows(file, has_header=False), mapping)
    plan = check_imports.plan_check_import(LedgerPaths(tmp_path / "none"), "a", read)
    assert [note.code for note in plan.notes] == ["same-check-differs"]
    assert json.loads(plan.changes[0].record)["claim"] == 'The "old" bridge fell.'


@pytest.mark.parametrize("form", ["list", "lines", "feed", "review"])
def test_json_in_every_form_gives_the_same_rows(tmp_path: Path, form: str) -> None:
    values = [{"claim": f"거짓 {n}", "rating": 3, "of": {"url": "https://example.org"}} for n in range(3)]
    reviews = [
        {"@type": "ClaimReview", "claimReviewed": one["claim"], "url": "https://example.org/a",
         "reviewRating": {"ratingValue": 3}} for one in values
    ]  # fmt: skip
    text = {
        "list": json.dumps(values), "lines": "\n".join(map(json.dumps, values)),
        "feed": json.dumps({"a": 1, "b": values}), "review": json.dumps(reviews),
    }[form]  # fmt: skip
    file = tmp_path / "a.jsonl"
    file.write_text(text, encoding="utf-8")
    found = [*check_tables.read_rows(file)]
    assert [(row.cells["claim"], row.cells["rating"]) for row in found if row.cells] == [
        (f"거짓 {n}", "3") for n in range(3)
    ]


def test_review_file_counts_its_reviews_and_reports_where_it_breaks(places: LedgerPaths) -> None:
    review = {
        "@type": "ClaimReview", "claimReviewed": "A.", "url": "https://seorae.example/1",
        "reviewRating": {"alternateName": "False"},
    }  # fmt: skip
    file = places.root / "reviews.jsonl"
    whole = json.dumps(review) + "\n" + json.dumps({**review, "claimReviewed": "B."}) + "\n"
    file.write_text(whole, encoding="utf-8")
    result = run(places, "checks", str(file), "--dry-run", by=None)
    assert "reviews.jsonl: 2 rows. new 2, changed 0, unchanged 0, refused 0." in result.stderr
    file.write_text(whole + '{"@type": "Claim', encoding="utf-8")
    result = run(places, "checks", str(file), "--dry-run", by=None)
    assert "reviews.jsonl: 2 rows. new 2, changed 0, unchanged 0, refused 0." in result.stderr
    assert "json-broken (1)" in result.stderr


@pytest.mark.parametrize(
    ("order", "cell", "expected"),
    [
        ("year first", "31.04.07", "2031-04-07"), ("year first", "31. 4. 7.", "2031-04-07"),
        ("year first", "2031-04-07", "2031-04-07"), ("year first", "7/4/2031", None), ("year first", "3/4/07", None),
        ("day first", "16-01-21T06:08:00", "2021-01-16"), ("day first", "7/4/31", "2031-04-07"),
        ("day first", "7/4/3", None), ("month first", "12/31/98", "1998-12-31"), ("day first", "12/31/98", None),
        ("", "31.04.07", None), ("day first", "7/4/68", "2068-04-07"), ("day first", "7/4/69", "1969-04-07"),
    ],
)  # fmt: skip
def test_date_of_three_numbers_is_read_only_in_the_order_of_the_mapping(
    order: str, cell: str, expected: str | None
) -> None:
    columns = "[columns]\nclaim = 'c'\nrating = 'r'\nchecked_on = 'd'\n"
    text = f"name = 'a'\ndates = '{order}'\n{columns}[publisher]\nen = 'A'\n"
    mapping = check_mapping.read_mapping(text, Path("a.toml"))
    (row,) = check_mapping.map_rows([check_tables.ArchiveRow(1, {"c": "A.", "r": "B", "d": cell})], mapping)
    assert row.check is not None
    assert row.check.checked_on == expected
    assert bool(row.notes) == (expected != cell)


def test_quotation_mark_in_a_file_with_tabs_swallows_no_rows(tmp_path: Path) -> None:
    file = tmp_path / "a.tsv"
    file.write_text('"a"\tTrue\n"b began.\tFalse\nc\tTrue\nd ended."\tFalse\n', encoding="utf-8")
    found = [row.cells["column 1"] for row in check_tables.read_rows(file, has_header=False)]
    assert found == ['"a"', '"b began.', "c", 'd ended."']
    file.write_text('"a ""b"""\tTrue\n', encoding="utf-8")
    assert [row.cells["column 1"] for row in check_tables.read_rows(file, has_header=False)] == ['a "b"']

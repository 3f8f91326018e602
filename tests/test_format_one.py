"""Format 1 is final: what was published keeps its bytes, and every reader knows all optional members."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import msgspec
import pytest
from made_ledger import ARTICLE, SPEED, LogMaker
from pydantic import ValidationError

from claimledger import verify_log
from claimledger.ledger import log, printing
from claimledger.ledger.body_rules import body_fault
from claimledger.ledger.canonical import encode_body, leaf_sha256, merkle_root
from claimledger.ledger.files import LedgerPaths
from claimledger.models import (
    Alias, AliasName, Claim, Document, EarlierCheck, EvidencePassage, MachineWording, Record, Revision, SearchedPlace,
    Verdict,
)  # fmt: skip
from claimledger.models.stored import read_revision
from claimledger.publishing import ledger_db
from claimledger.vocabulary import RevisionKind
from claimledger.workflow.revision_rules import revision_problems

ROOT = Path(__file__).parent.parent
FIRST_BODIES = 505
"""The bodies of the first article, which were published before the optional members were added."""
THEIR_ROOT = "f0cc2faa429612c8e8b0ede617326760721fc8ff6661a8d1787ba03c0e91d124"
DOCUMENT = {
    "document_id": "crane-survey-2031",
    "medium": "web",
    "title": {"ko": "크레인 조사", "en": "Survey of the cranes"},
    "language": "ko",
    "obtained_at": "2031-04-09T08:00:00.000Z",
    "captured": "none",
    "tier": "primary",
    "address": "https://mirror.example/survey",
}
ALIAS: Mapping[str, Any] = {
    "alias_id": "hanbit-bridge",
    "kind": "place",
    "names": [{"text": "한빛대교", "language": "ko"}, {"text": "Hanbit Bridge", "language": "en"}, {"text": "HB"}],
    "note": {"en": "The bridge of 2024, not the footbridge."},
}
EARLIER = {
    "earlier_check_id": "shimin-2019-0007",
    "import_id": "shimin-2019",
    "publisher": {"ko": "시민일보 팩트체크", "en": "Shimin Ilbo fact check"},
    "claim": "한빛대교는 나라에서 가장 길다.",
    "language": "ko",
    "speaker": "이수진",
    "said_on": "2019-03",
    "rating": " 대체로  사실 아님",
    "rating_scale": "사실 / 대체로 사실 / 대체로 사실 아님 / 거짓",
    "address": "https://example.org/checks/7",
    "checked_on": "2019-03-20",
    "headline": "가장 긴 다리인가",
    "summary": "더 긴 다리가 둘 있다.",
    "topics": ["bridges"],
}
WORDED = [{"language": "en", "model": "house-model-3", "is_edited": True}]
SEARCHED = [
    {"where": {"ko": "국가기록원 검색"}, "terms": "한빛대교 공사비", "on": "2031-05-01"},
    {"address": "https://example.org/archive", "on": "2031-05-01"},
]
PASSAGE = {
    "place": {"en": "Table 2, row 4", "ko": "표 2의 넷째 줄"},
    "printed": "2조\u1100원",
    "whole": {"length": 80, "sha256": "ab" * 32},
    "seen_on": "2031-05-01",
}


def entries_with_every_member() -> list[log.LogEntry]:
    """Return a log in which every optional member that later versions of the program use has a value."""
    made = LogMaker()
    made.add(ARTICLE)
    seen = {"opened_on": "2031-05-01", "extent_seen": "opening", "mirror_of": "https://example.org/original"}
    made.add({**DOCUMENT, **seen}, reasons={"ko": "처음 싣는다.", "en": "First."}, approver_role="editor")
    made.add(SPEED, approver_role="editor", role_granted_by="sora")
    cited = {"document_id": DOCUMENT["document_id"], "stance": "supports", "summary": {"en": "It says the same."}}
    verdict = {"question": "so", "value": "supported", "rationale": {"en": "It says so."}, "as_of": "2031-05"}
    claim = {
        **SPEED,
        "machine_wording": WORDED,
        "evidence": [{**cited, "passage": PASSAGE}],
        "verdicts": [{**verdict, "searched": SEARCHED, "machine_wording": WORDED}],
    }
    made.add(claim, "verdict")
    made.add(ALIAS)
    made.add({**ALIAS, "names": ALIAS["names"][:2]}, "update")
    made.add(EARLIER)
    return made.entries


ENTRIES = entries_with_every_member()


def test_published_bodies_keep_their_bytes() -> None:
    bodies = [*log.read_bodies(ROOT / "claims" / "log")]
    assert merkle_root([leaf_sha256(body) for body in bodies[:FIRST_BODIES]]).hex() == THEIR_ROOT
    for body in bodies:
        assert encode_body(read_revision(body).to_json()) == body
        assert body_fault(body) is None


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: str(entry.number))
def test_every_reader_knows_the_optional_members(entry: log.LogEntry) -> None:
    assert body_fault(entry.body) is None
    assert read_revision(entry.body) == Revision.model_validate_json(entry.body)
    assert verify_log.parse_body(entry.body)["number"] == entry.number


def test_every_optional_member_is_tried() -> None:
    """So that a member that is added later is not forgotten here."""
    text = b"".join(entry.body for entry in ENTRIES).decode()
    models = (Revision, EvidencePassage, SearchedPlace, MachineWording, Alias, AliasName, EarlierCheck)
    names = [name for model in models for name in model.model_fields if name != "correction"]
    names += ["passage", "searched", "machine_wording", "opened_on", "extent_seen", "mirror_of"]
    assert [name for name in names if f'"{name}":' not in text] == []


def change(number: int, *path: str | int, **members: object) -> bytes:
    """Return an entry's body with other members at a path of its record; None removes one."""
    said = msgspec.json.decode(ENTRIES[number - 1].body)
    place = said["record"]
    for step in path:
        place = place[step]
    for name, value in members.items():
        place.pop(name, None)
        place |= {} if value is None else {name: value}
    return encode_body(said)


BROKEN = {
    "an unknown member of a passage": lambda: change(4, "evidence", 0, "passage", page=3),
    "too many words as printed": lambda: change(4, "evidence", 0, "passage", printed="x" * 121),
    "a passage without place": lambda: change(4, "evidence", 0, "passage", place=None),
    "a hash of another length": lambda: change(4, "evidence", 0, "passage", "whole", sha256="ab"),
    "a day that is a month": lambda: change(4, "verdicts", 0, "searched", 0, on="2031-05"),
    "a search without day": lambda: change(4, "verdicts", 0, "searched", 0, on=None),
    "an unknown extent": lambda: change(2, extent_seen="most"),
    "a name by itself": lambda: change(5, names=ALIAS["names"][:1]),
    "51 names": lambda: change(5, names=[{"text": f"n{number}"} for number in range(51)]),
    "an unknown kind": lambda: change(5, kind="thing"),
    "an empty rating": lambda: change(7, rating=""),
    "a rating of 1,001 code points": lambda: change(7, rating="x" * 1_001),
    "a verdict of this ledger": lambda: change(7, verdicts=[]),
    "no import": lambda: change(7, import_id=None),
}  # fmt: skip


@pytest.mark.parametrize("name", BROKEN)
def test_models_and_verifier_refuse_the_same(name: str) -> None:
    body = BROKEN[name]()
    assert body_fault(body) is not None
    with pytest.raises(verify_log.Contradiction):
        verify_log.parse_body(body)


VERDICT = {"question": "so", "value": "supported", "rationale": {"ko": "예산서와 같다."}, "as_of": "2024-05"}
RULES = [
    (Claim, {**SPEED, "machine_wording": [{"language": "zh", "model": "m"}]}, ["machine-wording-language"]),
    (Claim, {**SPEED, "machine_wording": [{"language": "ko", "model": "m"}] * 2}, ["machine-wording-language"]),
    (Verdict, {**VERDICT, "machine_wording": [{"language": "en", "model": "m"}]}, ["machine-wording-language"]),
    (Verdict, {**VERDICT, "searched": [{"on": "2031-05-01"}]}, ["search-without-place"]),
    (Verdict, {**VERDICT, "searched": [{"where": {"en": "a"}, "on": "2031-05"}]}, ["string_pattern_mismatch"]),
    (EvidencePassage, {"place": {"en": "Table 2"}, "printed": "x" * 121}, ["string_too_long"]),
    (EvidencePassage, {"place": {"en": "x" * 201}}, ["too_long"]),
    (Alias, {"alias_id": "a", "kind": "place", "names": [{"text": "한빛"}]}, ["too_short"]),
    (Alias, {"alias_id": "a", "kind": "place", "names": [{"text": "한빛"}] * 2}, ["alias-twice"]),
    (Document, {**DOCUMENT, "mirror_of": DOCUMENT["address"]}, ["mirror-of-itself"]),
]  # fmt: skip


@pytest.mark.parametrize(("model", "values", "expected"), RULES)
def test_broken_rule_of_an_optional_member_has_its_code(
    model: type[Record], values: Mapping[str, Any], expected: list[str]
) -> None:
    with pytest.raises(ValidationError) as refusal:
        model.model_validate_json(msgspec.json.encode(values))
    errors = refusal.value.errors()
    faults = [error.get("ctx", {}).get("error") for error in errors]
    found = [
        code
        for fault, error in zip(faults, errors, strict=True)
        for code in ([one.code for one in fault.faults] if fault else [error["type"]])
    ]
    assert found == expected


def test_records_of_new_kinds_are_kept_in_the_file_and_have_no_files(tmp_path: Path) -> None:
    """Their own tables come with the pages that show them."""
    path = tmp_path / "ledger.db"
    ledger_db.build_ledger_db(ENTRIES, path)
    with closing(sqlite3.connect(path)) as connection:
        kinds = connection.execute("SELECT subject, count(*) FROM revision GROUP BY 1 ORDER BY 1").fetchall()
        (claims,) = connection.execute("SELECT count(*) FROM claims").fetchone()
    assert kinds == [("alias", 2), ("article", 1), ("claim", 2), ("document", 1), ("earlier_check", 1)]
    assert claims == 1
    files = [file.name for file, _ in printing.printed_files(printing.newest_records(ENTRIES), LedgerPaths(tmp_path))]
    assert files == ["article.yaml", f"{DOCUMENT['document_id']}.yaml", f"{SPEED['claim_id']}.yaml"]


def test_evidence_may_gain_a_passage_without_a_correction() -> None:
    claim = msgspec.json.decode(ENTRIES[3].body)["record"]
    before = {**claim, "evidence": [{**claim["evidence"][0]}]}
    del before["evidence"][0]["passage"]
    assert revision_problems(RevisionKind.UPDATE, RevisionKind.VERDICT, before, claim) == []
    (problem,) = revision_problems(RevisionKind.UPDATE, RevisionKind.VERDICT, claim, before)
    assert problem.field == "evidence"

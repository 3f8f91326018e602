"""Attacks on the log: the checks find each one by its code, the published database differs, and the desk stops."""

from __future__ import annotations

import importlib
import shutil
from collections.abc import Callable, Sequence
from copy import copy
from itertools import product
from pathlib import Path
from typing import Any

import msgspec
import pytest

from claimledger import desk, checks
from claimledger.errors import LogDamaged, LogsDisagree
from claimledger.checks import desk_store_check, ledger_db_check, log_checks, results
from claimledger.ledger import files, log
from claimledger.ledger.body_rules import body_fault
from claimledger.ledger.canonical import encode_body, leaf_sha256
from claimledger.checks.results import CheckResult
from claimledger.ledger.files import LedgerPaths

desk_ledger = importlib.import_module("tests.desk_ledger")
made_ledger = importlib.import_module("tests.made_ledger")

Bodies = list[dict[str, Any]]


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> LedgerPaths:
    ledger: LedgerPaths = desk_ledger.with_public_ledger(tmp_path_factory.mktemp("made") / "ledger")
    return ledger


@pytest.fixture
def places(original: LedgerPaths, tmp_path: Path) -> LedgerPaths:
    return LedgerPaths(shutil.copytree(original.root, tmp_path / "ledger"))


def codes(checked: CheckResult) -> list[str]:
    return [problem.code for problem in checked.problems]


def decoded_bodies(places: LedgerPaths) -> Bodies:
    return [msgspec.json.decode(body) for body in desk_ledger.logged(places)]


def write_log(places: LedgerPaths, bodies: Sequence[bytes]) -> None:
    shutil.rmtree(places.log)
    log.append_bodies(places.log, bodies, first=1)


def check_all(places: LedgerPaths) -> list[CheckResult]:
    return list(desk.check(places))


def rechain(bodies: Bodies) -> list[bytes]:
    """Return the bodies with every `prev` recomputed, as an attacker would do it."""
    heads: dict[tuple[str, str], str] = {}
    encoded = []
    for body in bodies:
        place = (body["subject"], body["key"])
        encoded.append(encode_body({**body, **({"prev": heads[place]} if place in heads else {})}))
        heads[place] = leaf_sha256(encoded[-1]).hex()
    return encoded


def alter_body(bodies: Bodies) -> list[bytes]:
    bodies[1]["record"]["statement"]["en"] = "The budget of ward 0 grew by about 17%."
    return [encode_body(body) for body in bodies]


def alter_and_rechain(bodies: Bodies) -> list[bytes]:
    alter_body(bodies)
    return rechain(bodies)


def alter_newest(bodies: Bodies) -> list[bytes]:
    bodies[-1]["record"]["statement"]["en"] = "The budget of ward 3 grew by about 17%."
    return [encode_body(body) for body in bodies]


def swap_bodies(bodies: Bodies) -> list[bytes]:
    bodies[6], bodies[7] = bodies[7], bodies[6]
    return [encode_body(body) for body in bodies]


def swap_and_renumber(bodies: Bodies) -> list[bytes]:
    bodies[1], bodies[3] = bodies[3], bodies[1]
    for number, body in enumerate(bodies, start=1):
        body["number"] = number
    return [encode_body(body) for body in bodies]


def cut_out_body(bodies: Bodies) -> list[bytes]:
    return [encode_body(body) for body in bodies if body["number"] != 5]


def cut_out_and_renumber(bodies: Bodies) -> list[bytes]:
    del bodies[1]
    for number, body in enumerate(bodies, start=1):
        body["number"] = number
    return [encode_body(body) for body in bodies]


def cut_tail(bodies: Bodies) -> list[bytes]:
    return [encode_body(body) for body in bodies[:-2]]


def insert_forged_body(bodies: Bodies) -> list[bytes]:
    forged = {**bodies[-1], "key": "forged-aaaa", "record": {**bodies[-1]["record"], "claim_id": "forged-aaaa"}}
    return [encode_body(body) for body in (*bodies[:5], forged, *bodies[5:])]


def back_date(bodies: Bodies) -> list[bytes]:
    bodies[-1]["recorded_at"] = "2031-05-02T08:59:59.999Z"
    return [encode_body(body) for body in bodies]


def approve_by_author(bodies: Bodies) -> list[bytes]:
    bodies[-1]["approver"] = "haru"
    return [encode_body(body) for body in bodies]


def change_format(bodies: Bodies) -> list[bytes]:
    bodies[-1]["format"] = 2
    return [encode_body(body) for body in bodies]


def add_spaces(bodies: Bodies) -> list[bytes]:
    return [*map(encode_body, bodies[:-1]), encode_body(bodies[-1]).replace(b'":', b'": ')]


def repeat_member(bodies: Bodies) -> list[bytes]:
    return [*map(encode_body, bodies[:-1]), encode_body(bodies[-1]).replace(b'"format":1', b'"format":1,"format":1')]


def add_default_value(bodies: Bodies) -> list[bytes]:
    bodies[-1]["record"]["evidence"] = []
    return [encode_body(body) for body in bodies]


def decompose_hangul(bodies: Bodies) -> list[bytes]:
    bodies[-1]["record"]["statement"]["ko"] = "\u1112\u1161\u11ab\u1107\u1175\u11be"
    return [encode_body(body) for body in bodies]


def add_unknown_field(bodies: Bodies) -> list[bytes]:
    bodies[-1]["rating"] = "mostly true"
    return [encode_body(body) for body in bodies]


def change_key(bodies: Bodies) -> list[bytes]:
    bodies[-1]["key"] = "ward-9-budget-grew-aaaa"
    return [encode_body(body) for body in bodies]


def truncate_json(bodies: Bodies) -> list[bytes]:
    return [*map(encode_body, bodies[:-1]), b'{"format":1']


ALWAYS = {"older log": {"log-rewritten"}, "desk": {"desk-differs"}}
ATTACKS: dict[Callable[[Bodies], list[bytes]], dict[str, set[str]]] = {
    alter_body: {"log": {"broken-chain"}},
    alter_and_rechain: {},
    alter_newest: {},
    swap_bodies: {"log": {"wrong-number"}},
    swap_and_renumber: {"log": {"wrong-revision", "broken-chain", "back-dated"}},
    cut_out_body: {"log": {"wrong-number"}},
    cut_out_and_renumber: {"log": {"wrong-revision", "broken-chain"}},
    cut_tail: {"desk": {"log-cut"}},
    insert_forged_body: {"log": {"wrong-number"}},
    back_date: {"log": {"back-dated"}},
    approve_by_author: {"log": {"same-person-approved"}, "records": {"invalid-body"}},
    change_format: {"log": {"unknown-format"}, "records": {"invalid-body"}},
    add_spaces: {"records": {"not-canonical"}},
    repeat_member: {"records": {"not-canonical"}},
    add_default_value: {"records": {"not-canonical"}},
    decompose_hangul: {"records": {"not-canonical"}},
    add_unknown_field: {"records": {"invalid-body"}},
    change_key: {"records": {"invalid-body"}},
    truncate_json: {"log": {"unreadable-body"}, "records": {"invalid-body"}},
}


@pytest.mark.parametrize("attack", list(ATTACKS), ids=[attack.__name__ for attack in ATTACKS])
def test_attack_on_the_log_is_reported_with_its_code(
    places: LedgerPaths, attack: Callable[[Bodies], list[bytes]]
) -> None:
    older = shutil.copytree(places.log, places.root / "older")
    write_log(places, attack(decoded_bodies(places)))
    expected = ALWAYS | ATTACKS[attack]
    outcomes = [one for one in checks.run_checks(places, older) if one.name in {"log", "records", "older log", "desk"}]
    found = {outcome.name: {*codes(outcome)} for outcome in outcomes if outcome.problems}
    if "desk-differs" in found["desk"]:
        found["desk"] -= {"log-cut", "desk-behind"}  # the desk has more bodies or fewer
    assert found == expected
    for problem in (problem for outcome in outcomes for problem in outcome.problems):
        assert problem.remedy.endswith(".")
        assert problem.file in {"claims/log/000000.jsonl", "desk.db"}


@pytest.mark.slow
@pytest.mark.parametrize("attack", list(ATTACKS), ids=[attack.__name__ for attack in ATTACKS])
def test_public_checks_alone_find_an_attack_on_the_log(
    places: LedgerPaths, attack: Callable[[Bodies], list[bytes]]
) -> None:
    places.desk.unlink()
    write_log(places, attack(decoded_bodies(places)))
    outcomes = check_all(places)
    assert any(outcome.problems or (outcome.name == "ledger.db" and not outcome.has_run) for outcome in outcomes)


@pytest.mark.slow
@pytest.mark.parametrize("attack", list(ATTACKS), ids=[attack.__name__ for attack in ATTACKS])
def test_attacked_log_stops_the_desk_or_is_restored(
    places: LedgerPaths, attack: Callable[[Bodies], list[bytes]]
) -> None:
    right = desk_ledger.logged(places)
    write_log(places, attack(decoded_bodies(places)))
    if attack is cut_tail:
        desk_ledger.opened(places).close()
        assert desk_ledger.logged(places) == right
    else:
        with pytest.raises((LogsDisagree, LogDamaged)):
            desk_ledger.opened(places)


def test_broken_chain_is_refused_when_there_is_no_desk(places: LedgerPaths) -> None:
    places.desk.unlink()
    write_log(places, alter_body(decoded_bodies(places)))
    with pytest.raises(
        LogDamaged, match=r"000000\.jsonl:4: ward-0-.*the entry names .*… as the version before it, but that is"
    ):
        desk_ledger.opened(places)


def test_each_gap_is_reported_once_at_its_position(places: LedgerPaths) -> None:
    bodies = desk_ledger.logged(places)
    chain = log.Chain()
    found = [
        (fault.number, fault.code)
        for first, lines in ((1, bodies[1:3]), (4, bodies[3:6]), (7, bodies[7:]))
        for fault in chain.take(lines, first)
        if fault.code == "wrong-number"
    ]
    assert found == [(1, "wrong-number"), (7, "wrong-number")]


def test_repeated_and_missing_log_files_are_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log, "BODIES_PER_FILE", 3)
    places = desk_ledger.with_desk(tmp_path / "ledger")
    with desk_ledger.opened(places) as store:
        desk_ledger.publish(store, desk_ledger.later(5))
    middle = places.log / "000001.jsonl"
    (places.log / "000003.jsonl").write_bytes(middle.read_bytes())
    assert {"wrong-number", "wrong-revision"} <= {*codes(log_checks.check_log(places.log))}
    (places.log / "000003.jsonl").unlink()
    (places.log / "000001 copy.jsonl").write_bytes(middle.read_bytes())
    assert codes(log_checks.check_log(places.log)) == ["unreadable-log"]
    (places.log / "000001 copy.jsonl").unlink()
    middle.unlink()
    assert codes(log_checks.check_log(places.log)) == ["unreadable-log"]
    assert "more-problems" not in codes(log_checks.check_log(places.log))
    assert [outcome.name for outcome in checks.run_checks(places) if not outcome.has_run] == [
        "older log", "checkpoints", "claim files", "references", "names", "verdicts", "evidence", "texts", "agreement",
        "computed", "ledger.db",
    ]  # fmt: skip


DOCUMENT = {
    "medium": "pdf", "title": {"ko": "예산서"}, "language": "ko", "obtained_at": "2031-05-01T08:00:00.000Z",
    "captured": "none", "tier": "primary",
}  # fmt: skip


def ledger_of_documents(root: Path) -> LedgerPaths:
    """Make a minimal ledger of ten bodies: five documents, each in two versions."""
    places = LedgerPaths(root)
    original = made_ledger.LogMaker()
    for kind, published_on in (("listed", "2031"), ("update", "2031-04")):
        for number in range(5):
            original.add({**DOCUMENT, "document_id": f"budget-{number}", "published_on": published_on}, kind)
    log.append_bodies(places.log, [entry.body for entry in original.entries], first=1)
    desk_ledger.opened(places).close()
    desk.build_public_files(places)
    return places


@pytest.mark.slow
def test_every_flipped_bit_is_reported(tmp_path: Path) -> None:
    """Flip every bit of the log, one at a time.

    The chain or the models find it. In the newest version of a record, whose hash no later version names, a comparison
    with an older log and with the desk finds it.
    """
    original = ledger_of_documents(tmp_path)
    bodies = desk_ledger.logged(original)
    heads = {(body["subject"], body["key"]): number for number, body in enumerate(decoded_bodies(original))}
    assert (len(bodies), len(heads)) == (10, 5)
    chain = log.Chain()
    unseen = []
    for number, body in enumerate(bodies):
        later = [] if number in heads.values() else bodies[number + 1 :]
        for place, bit in product(range(len(body)), range(8)):
            if not is_reported(copy_chain(chain), number + 1, flip_bit(body, place, bit), later):
                unseen.append((number, place, bit))
        chain.take([body], number + 1)
    assert {number for number, *_ in unseen} == {*heads.values()}, (
        "the chain finds a change in a body that a later version names"
    )
    assert len(unseen) < sum(map(len, bodies)) * 8 / 2
    for number, place, bit in unseen[:: len(unseen) // 12]:
        assert_is_seen_by_comparison(original, number, place, bit)


def flip_bit(content: bytes, place: int, bit: int) -> bytes:
    return content[:place] + bytes([content[place] ^ 1 << bit]) + content[place + 1 :]


def copy_chain(chain: log.Chain) -> log.Chain:
    """Return a copy of a chain in its current state."""
    other = copy(chain)
    other.heads, other.leaves = dict(chain.heads), []
    return other


def is_reported(chain: log.Chain, first: int, body: bytes, later: list[bytes]) -> bool:
    if b"\n" in body:
        return True  # two lines: the file is too long or the second line is not a body
    return bool(chain.take([body, *later], first) or body_fault(body))


def assert_is_seen_by_comparison(original: LedgerPaths, number: int, place: int, bit: int) -> None:
    file = original.log / "000000.jsonl"
    right = file.read_bytes()
    older = original.root / "older"
    files.replace_bytes(older / file.name, right)
    at = sum(len(body) + 1 for body in desk_ledger.logged(original)[:number]) + place
    try:
        file.write_bytes(flip_bit(right, at, bit))
        assert codes(log_checks.check_older_log(older, original.log)) == ["log-rewritten"]
        assert codes(desk_store_check.check_store(original)) == ["desk-differs"]
        built = results.run_guarded("ledger.db", lambda: ledger_db_check.check_ledger(original))
        assert built.problems or not built.has_run
    finally:
        file.write_bytes(right)
        shutil.rmtree(older)

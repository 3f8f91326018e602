"""Attacks on the log: each is found by its code, by the database too, and stops the desk."""

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

from claimledger import desk
from claimledger.errors import LogDamaged, LogsDisagree
from claimledger import checks
from claimledger.checks import desk_store_check, ledger_db_check, log_checks, results
from claimledger.ledger import files, log
from claimledger.ledger.canonical import encode_body, leaf_sha256
from claimledger.checks.results import CheckResult
from claimledger.ledger.files import LedgerPaths

desk_ledger = importlib.import_module("tests.desk_ledger")
made_ledger = importlib.import_module("tests.made_ledger")

Bodies = list[dict[str, Any]]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> LedgerPaths:
    ledger: LedgerPaths = desk_ledger.with_public_ledger(tmp_path_factory.mktemp("made") / "ledger")
    return ledger


@pytest.fixture
def places(made: LedgerPaths, tmp_path: Path) -> LedgerPaths:
    return LedgerPaths(shutil.copytree(made.root, tmp_path / "ledger"))


def codes(checked: CheckResult) -> list[str]:
    return [problem.code for problem in checked.problems]


def decoded(places: LedgerPaths) -> Bodies:
    return [msgspec.json.decode(body) for body in desk_ledger.logged(places)]


def write_log(places: LedgerPaths, bodies: Sequence[bytes]) -> None:
    shutil.rmtree(places.log)
    log.append_bodies(places.log, bodies, first=1)


def check_all(places: LedgerPaths) -> list[CheckResult]:
    return list(desk.check(places))


def rechained(bodies: Bodies) -> list[bytes]:
    """Return the bodies with every `prev` made right again, as an attacker would."""
    heads: dict[tuple[str, str], str] = {}
    encoded = []
    for body in bodies:
        place = (body["subject"], body["key"])
        encoded.append(encode_body({**body, **({"prev": heads[place]} if place in heads else {})}))
        heads[place] = leaf_sha256(encoded[-1]).hex()
    return encoded


def altered(bodies: Bodies) -> list[bytes]:
    bodies[1]["record"]["statement"]["en"] = "The budget of ward 0 grew by about 17%."
    return [encode_body(body) for body in bodies]


def altered_and_rechained(bodies: Bodies) -> list[bytes]:
    altered(bodies)
    return rechained(bodies)


def newest_altered(bodies: Bodies) -> list[bytes]:
    bodies[-1]["record"]["statement"]["en"] = "The budget of ward 3 grew by about 17%."
    return [encode_body(body) for body in bodies]


def swapped(bodies: Bodies) -> list[bytes]:
    bodies[6], bodies[7] = bodies[7], bodies[6]
    return [encode_body(body) for body in bodies]


def swapped_and_renumbered(bodies: Bodies) -> list[bytes]:
    bodies[1], bodies[3] = bodies[3], bodies[1]
    for number, body in enumerate(bodies, start=1):
        body["number"] = number
    return [encode_body(body) for body in bodies]


def cut_out(bodies: Bodies) -> list[bytes]:
    return [encode_body(body) for body in bodies if body["number"] != 5]


def cut_out_and_renumbered(bodies: Bodies) -> list[bytes]:
    del bodies[1]
    for number, body in enumerate(bodies, start=1):
        body["number"] = number
    return [encode_body(body) for body in bodies]


def tail_cut(bodies: Bodies) -> list[bytes]:
    return [encode_body(body) for body in bodies[:-2]]


def put_in(bodies: Bodies) -> list[bytes]:
    forged = {**bodies[-1], "key": "forged-aaaa", "record": {**bodies[-1]["record"], "claim_id": "forged-aaaa"}}
    return [encode_body(body) for body in (*bodies[:5], forged, *bodies[5:])]


def back_dated(bodies: Bodies) -> list[bytes]:
    bodies[-1]["recorded_at"] = "2031-05-02T08:59:59.999Z"
    return [encode_body(body) for body in bodies]


def approved_by_its_author(bodies: Bodies) -> list[bytes]:
    bodies[-1]["approver"] = "haru"
    return [encode_body(body) for body in bodies]


def of_another_format(bodies: Bodies) -> list[bytes]:
    bodies[-1]["format"] = 2
    return [encode_body(body) for body in bodies]


def with_spaces(bodies: Bodies) -> list[bytes]:
    return [*map(encode_body, bodies[:-1]), encode_body(bodies[-1]).replace(b'":', b'": ')]


def with_a_member_twice(bodies: Bodies) -> list[bytes]:
    return [*map(encode_body, bodies[:-1]), encode_body(bodies[-1]).replace(b'"format":1', b'"format":1,"format":1')]


def with_a_default(bodies: Bodies) -> list[bytes]:
    bodies[-1]["record"]["evidence"] = []
    return [encode_body(body) for body in bodies]


def with_hangul_apart(bodies: Bodies) -> list[bytes]:
    bodies[-1]["record"]["statement"]["ko"] = "\u1112\u1161\u11ab\u1107\u1175\u11be"
    return [encode_body(body) for body in bodies]


def with_an_unknown_field(bodies: Bodies) -> list[bytes]:
    bodies[-1]["rating"] = "mostly true"
    return [encode_body(body) for body in bodies]


def of_another_record(bodies: Bodies) -> list[bytes]:
    bodies[-1]["key"] = "ward-9-budget-grew-aaaa"
    return [encode_body(body) for body in bodies]


def no_json(bodies: Bodies) -> list[bytes]:
    return [*map(encode_body, bodies[:-1]), b'{"format":1']


ALWAYS = {"older log": {"log-rewritten"}, "desk": {"desk-differs"}}
ATTACKS: dict[Callable[[Bodies], list[bytes]], dict[str, set[str]]] = {
    altered: {"log": {"broken-chain"}},
    altered_and_rechained: {},
    newest_altered: {},
    swapped: {"log": {"wrong-number"}},
    swapped_and_renumbered: {"log": {"wrong-revision", "broken-chain", "back-dated"}},
    cut_out: {"log": {"wrong-number"}},
    cut_out_and_renumbered: {"log": {"wrong-revision", "broken-chain"}},
    tail_cut: {"desk": {"log-cut"}},
    put_in: {"log": {"wrong-number"}},
    back_dated: {"log": {"back-dated"}},
    approved_by_its_author: {"log": {"same-person-approved"}, "records": {"invalid-body"}},
    of_another_format: {"log": {"unknown-format"}, "records": {"invalid-body"}},
    with_spaces: {"records": {"not-canonical"}},
    with_a_member_twice: {"records": {"not-canonical"}},
    with_a_default: {"records": {"not-canonical"}},
    with_hangul_apart: {"records": {"not-canonical"}},
    with_an_unknown_field: {"records": {"invalid-body"}},
    of_another_record: {"records": {"invalid-body"}},
    no_json: {"log": {"unreadable-body"}, "records": {"invalid-body"}},
}


@pytest.mark.parametrize("attack", list(ATTACKS), ids=[attack.__name__ for attack in ATTACKS])
def test_an_attack_on_the_log_is_found_by_its_code(
    places: LedgerPaths, attack: Callable[[Bodies], list[bytes]]
) -> None:
    older = shutil.copytree(places.log, places.root / "older")
    write_log(places, attack(decoded(places)))
    expected = ALWAYS | ATTACKS[attack]
    outcomes = [*checks.run_checks(places, older)][:4]
    assert {outcome.name: {*codes(outcome)} for outcome in outcomes if outcome.problems} == expected
    for problem in (problem for outcome in outcomes for problem in outcome.problems):
        assert problem.remedy.endswith(".")
        assert problem.file in {"claims/log/000000.jsonl", "desk.db"}


@pytest.mark.slow
@pytest.mark.parametrize("attack", list(ATTACKS), ids=[attack.__name__ for attack in ATTACKS])
def test_an_attack_on_the_log_is_found_by_the_published_database_too(
    places: LedgerPaths, attack: Callable[[Bodies], list[bytes]]
) -> None:
    places.desk.unlink()
    write_log(places, attack(decoded(places)))
    outcomes = check_all(places)
    assert any(outcome.problems or (outcome.name == "ledger.db" and not outcome.has_run) for outcome in outcomes)


@pytest.mark.slow
@pytest.mark.parametrize("attack", list(ATTACKS), ids=[attack.__name__ for attack in ATTACKS])
def test_an_attacked_log_stops_the_desk_or_is_written_anew_from_it(
    places: LedgerPaths, attack: Callable[[Bodies], list[bytes]]
) -> None:
    right = desk_ledger.logged(places)
    write_log(places, attack(decoded(places)))
    if attack is tail_cut:
        desk_ledger.opened(places).close()
        assert desk_ledger.logged(places) == right
    else:
        with pytest.raises((LogsDisagree, LogDamaged)):
            desk_ledger.opened(places)


def test_what_does_not_chain_is_not_taken_in_where_there_is_no_desk(places: LedgerPaths) -> None:
    places.desk.unlink()
    write_log(places, altered(decoded(places)))
    with pytest.raises(
        LogDamaged, match=r"000000\.jsonl:4: ward-0-.*the entry names .*… as the version before it, but that is"
    ):
        desk_ledger.opened(places)


def test_each_cut_is_found_once_and_where_it_is(places: LedgerPaths) -> None:
    bodies = desk_ledger.logged(places)
    chain = log.Chain()
    found = [
        (fault.number, fault.code)
        for first, lines in ((1, bodies[1:3]), (4, bodies[3:6]), (7, bodies[7:]))
        for fault in chain.take(lines, first)
        if fault.code == "wrong-number"
    ]
    assert found == [(1, "wrong-number"), (7, "wrong-number")]


def test_a_file_put_in_twice_and_one_taken_away(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
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
        "older log", "claim files", "references", "names", "verdicts", "evidence", "texts", "agreement", "computed",
        "ledger.db",
    ]  # fmt: skip


DOCUMENT = {
    "medium": "pdf", "title": {"ko": "예산서"}, "language": "ko", "obtained_at": "2031-05-01T08:00:00.000Z",
    "captured": "none", "tier": "primary",
}  # fmt: skip


def documents(root: Path) -> LedgerPaths:
    """Make a ledger of ten bodies as small as can be: five documents, each in two versions."""
    places = LedgerPaths(root)
    made = made_ledger.LogMaker()
    for kind, published_on in (("listed", "2031"), ("update", "2031-04")):
        for number in range(5):
            made.add({**DOCUMENT, "document_id": f"budget-{number}", "published_on": published_on}, kind)
    log.append_bodies(places.log, [entry.body for entry in made.entries], first=1)
    desk_ledger.opened(places).close()
    desk.build_public_files(places)
    return places


@pytest.mark.slow
def test_every_flipped_bit_is_reported(tmp_path: Path) -> None:
    """By the chain or the models; in the newest version of a record, whose hash nobody names yet, by comparison."""
    made = documents(tmp_path)
    bodies = desk_ledger.logged(made)
    heads = {(body["subject"], body["key"]): number for number, body in enumerate(decoded(made))}
    assert (len(bodies), len(heads)) == (10, 5)
    chain = log.Chain()
    unseen = []
    for number, body in enumerate(bodies):
        later = [] if number in heads.values() else bodies[number + 1 :]
        for place, bit in product(range(len(body)), range(8)):
            if not is_reported(continued(chain), number + 1, flipped(body, place, bit), later):
                unseen.append((number, place, bit))
        chain.take([body], number + 1)
    assert {number for number, *_ in unseen} == {*heads.values()}, "what a later version names is seen by the chain"
    assert len(unseen) < sum(map(len, bodies)) * 8 / 2
    for number, place, bit in unseen[:: len(unseen) // 12]:
        assert_is_seen_by_comparison(made, number, place, bit)


def flipped(content: bytes, place: int, bit: int) -> bytes:
    return content[:place] + bytes([content[place] ^ 1 << bit]) + content[place + 1 :]


def continued(chain: log.Chain) -> log.Chain:
    """Return a chain that stands where this one does."""
    other = copy(chain)
    other.heads, other.leaves = dict(chain.heads), []
    return other


def is_reported(chain: log.Chain, first: int, body: bytes, later: list[bytes]) -> bool:
    if b"\n" in body:
        return True  # two lines, and the file is too long or the second is no body
    return bool(chain.take([body, *later], first) or log_checks._body_fault(body))


def assert_is_seen_by_comparison(made: LedgerPaths, number: int, place: int, bit: int) -> None:
    file = made.log / "000000.jsonl"
    right = file.read_bytes()
    older = made.root / "older"
    files.replace_bytes(older / file.name, right)
    at = sum(len(body) + 1 for body in desk_ledger.logged(made)[:number]) + place
    try:
        file.write_bytes(flipped(right, at, bit))
        assert codes(log_checks.check_older_log(older, made.log)) == ["log-rewritten"]
        assert codes(desk_store_check.check_store(made)) == ["desk-differs"]
        built = results.run_guarded("ledger.db", lambda: ledger_db_check.check_ledger(made))
        assert built.problems or not built.has_run
    finally:
        file.write_bytes(right)
        shutil.rmtree(older)

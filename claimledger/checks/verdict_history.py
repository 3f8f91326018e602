"""The check of verdicts: how judged claims were changed in the log, and whether evidence supports each verdict.

It reports each change of a judged claim that is not a correction, and each current verdict that no evidence supports.
It uses the rules in `review` and the log, and nothing that the desk stores.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from claimledger.errors import Problem
from claimledger.ledger import log
from claimledger.checks.results import CheckResult, make_check_result
from claimledger.workflow import changed_judged_fields, lacks_evidence
from claimledger.vocabulary import RevisionKind, Subject

_MAY_CHANGE = frozenset({RevisionKind.CORRECTION.value, RevisionKind.REDACTION.value})


class _Body(msgspec.Struct):
    """The fields of a log body that the check reads."""

    subject: str
    key: str
    revision: int
    kind: str
    record: dict[str, Any]


def check_verdicts(folder: Path) -> CheckResult:
    """Check each public version of a claim against the one before it, and each current verdict against its evidence.

    Raises:
        LogDamaged, DecodeError: The log cannot be read.
    """
    heads: dict[str, _Body] = {}
    problems: list[Problem] = []
    for body in log.read_bodies(folder):
        version = msgspec.json.decode(body, type=_Body)
        if version.subject == Subject.CLAIM.value:
            problems += _silent_changes(heads.get(version.key), version)
            heads[version.key] = version
    standing = [head for head in heads.values() if head.kind != RevisionKind.WITHDRAWAL.value]
    problems += [problem for head in standing for problem in _missing_evidence(head)]
    judged = sum("verdicts" in head.record for head in heads.values())
    return make_check_result(
        "verdicts", f"{judged:,} of {len(heads):,} claims judged, and how each was changed", problems
    )


def _silent_changes(before: _Body | None, now: _Body) -> Iterator[Problem]:
    fields = changed_judged_fields(before.record, now.record) if before else ()
    if fields and now.kind not in _MAY_CHANGE:
        yield Problem(
            "judged-claim-changed-silently", file=now.key, field=fields[0], revision=now.revision,
            kind=RevisionKind(now.kind), fields=fields,
        )  # fmt: skip


def _missing_evidence(head: _Body) -> Iterator[Problem]:
    if lacks_evidence(head.record):
        yield Problem("verdict-without-evidence", file=head.key, field="verdicts")

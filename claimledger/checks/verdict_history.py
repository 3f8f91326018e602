"""The check of verdicts: what the log alone proves of how judged claims were changed, and what verdicts rest on.

In: the log's folder. Out: a problem for each change of a judged claim that is no correction, and for each standing
verdict that says what none of its evidence says. It asks the rules (`review`) and nothing that the desk stored.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from claimledger.errors import Problem
from claimledger.ledger import log
from claimledger.checks.ledger_checks import Checked, outcome
from claimledger.workflow import judged_anew, lacks_evidence
from claimledger.vocabulary import RevisionKind, Subject

_MAY_CHANGE = frozenset({RevisionKind.CORRECTION.value, RevisionKind.REDACTION.value})


class _Body(msgspec.Struct):
    """What the check reads of a body of the log."""

    subject: str
    key: str
    revision: int
    kind: str
    record: dict[str, Any]


def check_verdicts(folder: Path) -> Checked:
    """Hold each public version of a claim against the one before it, and each standing verdict against its evidence.

    Raises:
        LogDamaged, DecodeError: the log cannot be read.
    """
    heads: dict[str, _Body] = {}
    problems: list[Problem] = []
    for body in log.read_bodies(folder):
        version = msgspec.json.decode(body, type=_Body)
        if version.subject == Subject.CLAIM.value:
            problems += _changed(heads.get(version.key), version)
            heads[version.key] = version
    standing = [head for head in heads.values() if head.kind != RevisionKind.WITHDRAWAL.value]
    problems += [problem for head in standing for problem in _unfounded(head)]
    judged = sum("verdicts" in head.record for head in heads.values())
    return outcome("verdicts", f"{judged:,} of {len(heads):,} claims judged, and how each was changed", problems)


def _changed(before: _Body | None, now: _Body) -> Iterator[Problem]:
    fields = judged_anew(before.record, now.record) if before else ()
    if fields and now.kind not in _MAY_CHANGE:
        what = ", ".join(fields)
        sentence = f"Version {now.revision} is no correction ('{now.kind}') and changes what was judged: {what}."
        remedy = "Tell the readers in a correction."
        yield Problem("judged-claim-changed-silently", sentence, remedy, now.key, field=fields[0])


def _unfounded(head: _Body) -> Iterator[Problem]:
    if lacks_evidence(head.record):
        sentence = "A published verdict says what none of its evidence says."
        remedy = "Attach what supports or refutes the claim, or correct the verdict."
        yield Problem("verdict-without-evidence", sentence, remedy, head.key, field="verdicts")

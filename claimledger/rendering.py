"""Text for the terminal about claims and users: tables, a claim with its history, results of checks.

Labels are in English or Korean. Widths are counted in terminal cells, so that Hangul lines up; nothing depends on the
locale.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Literal

from tabulate import tabulate

from claimledger.earlier_claims import LikenessReason
from claimledger.editorial.earlier_matches import EarlierMatch, EarlierReview
from claimledger.labels import label_text
from claimledger.publishing.near_checks import NearCheck
from claimledger.verdicts.answers import labelled_verdict, public_status
from claimledger.desk_vocabulary import CheckStage, RecheckReason, RecordStage, RecheckOutcome
from claimledger.vocabulary import (
    AttributionMode, Comparator, CorrectionKind, Direction, Question, Relation, RevisionKind, Severity, Stance, Term,
    VerificationStatus,
)  # fmt: skip

if TYPE_CHECKING:
    from claimledger.accounts.email_addresses import SharedAddress
    from claimledger.accounts.credentials import StoredCredential
    from claimledger.accounts.people import Person
    from claimledger.earlier_claims.document_matches import FoundDocument
    from claimledger.newsroom.work_items import WorkItem
    from claimledger.publishing.row_changes import RowChange

TerminalLanguage = Literal["en", "ko"]

ROOM_BESIDE_STATEMENT = 84
"""The width of the columns beside the statement, in terminal cells."""
_LABELS: Mapping[str, tuple[str, str]] = {
    "claim": ("Claim ID", "주장 ID"),
    "waived": ("Exception", "예외"),
    "related": ("Related claim", "관련 주장"),
    "revision": ("Version", "버전"),
    "name": ("Name", "이름"),
    "shown_name": ("Display name", "표시 이름"),
    "roles": ("Roles", "역할"),
    "language": ("Language", "언어"),
    "sign_in": ("Sign-in", "로그인"),
    "active": ("may sign in", "가능"),
    "no_password": ("no password yet", "비밀번호 미설정"),
    "inactive": ("deactivated", "사용 중지"),
    "label": ("Label", "이름"),
    "author": ("Issued by", "발급자"),
    "issued": ("Issued (UTC)", "발급(UTC)"),
    "used": ("Last used (UTC)", "마지막 사용(UTC)"),
    "state": ("State", "상태"),
    "of_figure": ("figure", "수치"),
    "of_name": ("name", "이름"),
    "of_date": ("date", "날짜"),
    "of_word": ("word", "낱말"),
}
_KOREAN_BEFORE = (Comparator.ABOUT, Comparator.NEARLY)
"""The qualifiers that Korean puts before the amount; the others follow the unit."""


def terminal_label(term: Term, language: TerminalLanguage) -> str:
    """Return the label of a vocabulary's value."""
    return term.label_ko if language == "ko" else term.label_en


def text_in_language(texts: Mapping[str, str] | None, language: TerminalLanguage) -> str:
    """Return a text in the requested language, else in English, else in any."""
    if not texts:
        return ""
    return str(texts.get(language) or texts.get("en") or next(iter(texts.values())))


def claim_table(
    rows: Iterable[Mapping[str, Any]], names: Mapping[str, str], language: TerminalLanguage, width: int | None = None
) -> str:
    """Return a table of claims: ID, verdict, speaker, statement; wrapped to `width` terminal cells if given.

    `names` has the speakers with another name in the language.
    """
    other = "en" if language == "ko" else "ko"
    lines = [
        (
            row["claim_id"],
            terminal_label(VerificationStatus(row["verification_status"]), language),
            names.get(row["speaker"], row["speaker"]) or "–",
            row[f"statement_{language}"] or row[f"statement_{other}"],
        )
        for row in rows
    ]
    headers = [_name(name, language) for name in ("claim", "value", "speaker", "statement")]
    widths = None if width is None else [None, None, 20, max(20, width - ROOM_BESIDE_STATEMENT)]
    return str(tabulate(lines, headers=headers, tablefmt="simple", disable_numparse=True, maxcolwidths=widths))


def queue_table(rows: Iterable[WorkItem], language: TerminalLanguage, width: int | None = None) -> str:
    """Return a table of tasks: claim, state, checks, assignees, deadline, statement; wrapped as `claim_table`.

    The state of a claim that waits for approval or publication is that of its check, else that of its record.
    """
    lines = [
        (
            row.claim_id,
            terminal_label(CheckStage(row.waiting) if row.waiting else RecordStage(row.record), language),
            terminal_label(CheckStage(row.so), language),
            terminal_label(CheckStage(row.said), language),
            ", ".join(row.checkers) or "–",
            row.due_on.replace("T", " ") or "–",
            text_in_language({"ko": row.statement_ko, "en": row.statement_en}, language),
        )
        for row in rows
    ]
    names = ("claim", "state", "so", "said", "assignee", "due_on", "statement")
    headers = [_name(name, language) for name in names]
    widths = None if width is None else [*[None] * 6, max(20, width - ROOM_BESIDE_STATEMENT)]
    return str(tabulate(lines, headers=headers, tablefmt="simple", disable_numparse=True, maxcolwidths=widths))


def earlier_lines(found: Iterable[EarlierMatch | NearCheck], language: TerminalLanguage) -> Iterator[str]:
    """Yield the lines about earlier claims and reviews by others: likeness, status, text and reasons."""
    for one in found:
        yield "  ".join((terminal_label(one.compared.likeness, language), *_known_as(one, language)))
        yield f"    {', '.join(reason_text(reason, language) for reason in one.compared.reasons) or '–'}"


def _known_as(one: EarlierMatch | NearCheck, language: TerminalLanguage) -> tuple[str, ...]:
    if isinstance(one, NearCheck):
        check = one.check
        by = f"{check.publisher}의 이전 검증" if language == "ko" else f"earlier check by {check.publisher}"
        return by, f"“{check.rating}”", check.checked_on or "–", check.claim, check.address or check.earlier_check_id
    if isinstance(one, EarlierReview):
        review = one.review
        return review.publisher, f"“{review.rating}”", review.reviewed_on or "–", review.claim_text, review.url
    stands = one.status if one.record is RecordStage.LISTED else one.record
    return one.claim_id, terminal_label(stands, language), text_in_language(one.statement, language)


def reason_text(reason: LikenessReason, language: TerminalLanguage) -> str:
    """Return a detail in which two statements agree or differ, such as "figure 45% ≠ 40%"."""
    return f"{_name(f'of_{reason.what}', language)} {reason.asked} {'=' if reason.agrees else '≠'} {reason.known}"


def document_lines(found: Iterable[FoundDocument], language: TerminalLanguage) -> Iterator[str]:
    """Yield the documents that may bear on a claim: name, title, address, and what each shares with the claim."""
    for one in found:
        document = one.document
        title = text_in_language(document.title, language) if document.title else "–"
        yield "  ".join((document.document_id, "✓" if one.is_cited else " ", title, document.address or "–"))
        shared = (f"{_name(f'of_{point.what}', language)} {point.text}" for point in one.match.shared[:_MOST_SHARED])
        yield f"    {', '.join(shared)}"


_MOST_SHARED = 8


def recheck_lines(rows: Iterable[WorkItem], on: str, language: TerminalLanguage) -> Iterator[str]:
    """Yield the claims due for recheck on a day: the reason, its day or record, and the statement."""
    for row in rows:
        reason, of, became = row.reason_to_recheck(on)
        cause = f"{of}: {terminal_label(RecheckOutcome(became), language)}" if became else of
        statement = text_in_language({"ko": row.statement_ko, "en": row.statement_en}, language)
        yield f"{row.claim_id}  {terminal_label(RecheckReason(reason), language)} ({cause})  {statement}"


def finding_lines(rows: Iterable[Mapping[str, Any]], language: TerminalLanguage) -> Iterator[str]:
    """Yield each row of `findings` as a line: claim, field, result, severity and code."""
    for row in rows:
        severity = terminal_label(Severity(row["severity"]), language)
        yield f"{row['claim_id']}: {row['field']}: {row[f'computed_{language}']} [{severity}, {row['code']}]"


def people_table(known: Iterable[tuple[Person, bool]], addresses: Mapping[str, str], language: TerminalLanguage) -> str:
    """Return a table of users, with the state of their sign-in and their e-mail addresses."""
    names = ("name", "shown_name", "roles", "language", "sign_in", "email")
    lines = [
        (one.name, one.shown_name, ", ".join(terminal_label(role, language) for role in one.roles), one.language,
         _name(("active" if has_password else "no_password") if one.is_active else "inactive", language),
         addresses.get(one.name, ""))
        for one, has_password in known
    ]  # fmt: skip
    return _table(names, lines, language)


def warn_of_second_accounts(
    sessions: Iterable[tuple[str, str]], addresses: Iterable[SharedAddress], language: TerminalLanguage
) -> Iterator[str]:
    """Yield a warning for each pair of users of one session, and for each e-mail address that users share."""
    for first, second in sessions:
        yield label_text("two_accounts.session", language).format(first=first, second=second)
    for shared in addresses:
        yield label_text("two_accounts.address", language).format(names=", ".join(shared.names), address=shared.address)


def token_table(found: Iterable[StoredCredential], language: TerminalLanguage) -> str:
    """Return a table of a user's tokens; times are cut to the minute."""
    lines = [(token.label, token.author, _minute(token.issued_at), _minute(token.used_at)) for token in found]
    return _table(("label", "author", "issued", "used"), lines, language)


def _minute(time: str | None) -> str:
    return time[:16].replace("T", " ") if time else "–"


def _table(names: Sequence[str], lines: Sequence[Sequence[str]], language: TerminalLanguage) -> str:
    headers = [_name(name, language) for name in names]
    return str(tabulate(lines, headers=headers, tablefmt="simple", disable_numparse=True))


def _name(key: str, language: TerminalLanguage) -> str:
    """Return a label of the terminal's own, else the shared label of a field."""
    own = _LABELS.get(key)
    return own[language == "ko"] if own else label_text(f"field.{key}", language)


def claim_text(revision: Mapping[str, Any], language: TerminalLanguage) -> str:
    """Return a claim's public revision as lines of 'name: value'."""
    lines = [(_name(key, language), value) for key, value in _claim_lines(revision, language) if value]
    return str(tabulate(lines, tablefmt="plain", disable_numparse=True))


def _claim_lines(revision: Mapping[str, Any], language: TerminalLanguage) -> Iterator[tuple[str, str]]:
    claim = revision["record"]
    yield "claim", claim["claim_id"]
    for _, text in sorted(claim["statement"].items(), key=lambda one: one[0] != language):
        yield "statement", text
    yield "so", terminal_label(_fact_check(claim), language)
    yield "speaker", _speaker(claim.get("speaker"), language)
    yield "attribution", _attribution(claim["attribution"], language)
    yield (
        "source",
        ", ".join(
            filter(None, (text_in_language(claim["source"]["name"], language), claim["source"].get("published_on")))
        ),
    )
    for quantity in claim.get("quantities", ()):
        yield "quantities", quantity_text(quantity, language)
    yield "said_on", claim.get("said_on", "")
    yield "about_on", claim.get("about_on", "")
    yield "topics", ", ".join(claim["topics"])
    for verdict in claim.get("verdicts", ()):
        question, value = (
            terminal_label(Question(verdict["question"]), language),
            terminal_label(_status_label(claim, verdict), language),
        )
        yield (
            "verdicts",
            f"{question}: {value} ({verdict['as_of']}): {text_in_language(verdict['rationale'], language)}",
        )
    for evidence in claim.get("evidence", ()):
        yield (
            "evidence",
            (
                f"{evidence['document_id']} ({_stance(evidence, language)}): "
                f"{text_in_language(evidence['summary'], language)}"
            ),
        )
    for waiver in claim.get("waivers", ()):
        yield "waived", f"{waiver['code']}: {text_in_language(waiver['reason'], language)}"
    for related in claim.get("relations", ()):
        yield "related", f"{terminal_label(Relation(related['relation']), language)}: {related['claim_id']}"
    yield "note", text_in_language(claim.get("note"), language)
    yield "revision", _revision_line(revision, language)


def _stance(evidence: Mapping[str, Any], language: TerminalLanguage) -> str:
    return terminal_label(Stance(evidence["stance"]), language)


def _status_label(claim: Mapping[str, Any], verdict: Mapping[str, Any]) -> Term:
    status = public_status(verdict["value"], has_evidence=bool(claim.get("evidence")))
    return labelled_verdict(Question(verdict["question"]), status)


def _fact_check(claim: Mapping[str, Any]) -> VerificationStatus:
    values = (verdict["value"] for verdict in claim.get("verdicts", ()) if verdict["question"] == Question.SO.value)
    return public_status(next(values, None), has_evidence=bool(claim.get("evidence")))


def _speaker(speaker: Mapping[str, Any] | None, language: TerminalLanguage) -> str:
    if not speaker:
        return ""
    parts = (speaker["name"], speaker.get("role"), speaker.get("organization"))
    return ", ".join(filter(None, (text_in_language(part, language) for part in parts)))


def _attribution(attribution: Mapping[str, Any], language: TerminalLanguage) -> str:
    mode = terminal_label(AttributionMode(attribution["mode"]), language)
    return f"{mode} (“{attribution['cue']}”)" if "cue" in attribution else mode


def quantity_text(quantity: Mapping[str, Any], language: TerminalLanguage) -> str:
    """Return a quantity as printed and as a value.

    >>> quantity_text({"text": "약 130억달러", "amount": "13000000000", "currency": "USD", "comparator": "about"}, "en")
    '약 130억달러 = about 13,000,000,000 USD'
    """
    amount = (
        _with_separators(quantity["amount"])
        if "amount" in quantity
        else f"{_with_separators(quantity.get('low', '?'))}–{_with_separators(quantity.get('high', '?'))}"
    )
    comparator = terminal_label(Comparator(quantity["comparator"]), language) if "comparator" in quantity else ""
    unit = quantity.get("unit") or quantity["currency"]
    direction = terminal_label(Direction(quantity["direction"]), language) if "direction" in quantity else ""
    parts = (comparator, amount, unit, direction)
    if language == "ko" and quantity.get("comparator") not in _KOREAN_BEFORE:
        parts = (amount, unit, comparator, direction)
    return f"{quantity['text']} = {' '.join(filter(None, parts))}"


def _with_separators(digits: str) -> str:
    """Return a number with separators; "?" for an end of a range that is not printed.

    >>> _with_separators("-0.50"), _with_separators("13000000000")
    ('-0.50', '13,000,000,000')
    """
    return digits if digits == "?" else f"{Decimal(digits):,f}"


def _revision_line(revision: Mapping[str, Any], language: TerminalLanguage) -> str:
    kind = terminal_label(RevisionKind(revision["kind"]), language)
    who = f"{', '.join(revision['authors'])} → {revision['approver']}"
    return f"{revision['revision']} ({kind}), {revision['recorded_at']}, {who}: {revision['reason']}"


def history_text(
    revisions: Sequence[Mapping[str, Any]], rows: Sequence[Mapping[str, Any]], language: TerminalLanguage
) -> str:
    """Return each revision with its changed fields, before and after."""
    lines = []
    for revision in revisions:
        lines += [_revision_line(revision, language), f"    {revision['sha256']}"]
        if correction := revision.get("correction"):
            kind = terminal_label(CorrectionKind(correction["kind"]), language)
            lines.append(f"    {kind}: {text_in_language(correction['public_note'], language)}")
        changed = [
            row
            for row in rows
            if row["revision"] == revision["revision"] and row["subject"] == "claim" and row["field"]
        ]
        lines += [f"    {row['field']}: {_or_nothing(row['before'])} → {_or_nothing(row['after'])}" for row in changed]
    return "\n".join(lines)


def _or_nothing(value: object) -> str:
    return "–" if value is None else str(value)


def row_change_lines(changes: Iterable[RowChange]) -> Iterator[str]:
    """Yield the public rows that would change, each with its cells before and after."""
    for change in changes:
        yield f"{change.what:<8}{change.table}  {', '.join(map(str, change.key))}"
        for cell in change.cells:
            before = f"{_shown_cell(cell.before)} → " if change.what == "changed" else ""
            after = "(when it is published)" if cell.is_made_then else _shown_cell(cell.after)
            if change.what != "gone":
                yield f"    {cell.column}: {before}{after}"


def _shown_cell(value: object) -> str:
    return "–" if value is None else str(value)

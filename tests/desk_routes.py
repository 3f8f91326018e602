"""The desk's routes and forms with the status for each role: the table of the permission tests."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from newsroom import ARTICLE_ID, CARGO, GROWTH, TEXT


class Expected(NamedTuple):
    """The statuses for no one, a checker, an editor and an administrator, and the form that is sent."""

    statuses: tuple[int, int, int, int]
    form: Mapping[str, str] = {}
    claim_id: str = CARGO


PAGE, ACT = (303, 200, 200, 200), (401, 303, 303, 303)

ROUTES: Mapping[tuple[str, str], Expected] = {
    ("GET", "/sign-in"): Expected((200, 303, 303, 303)),
    ("POST", "/sign-in"): Expected((401, 401, 401, 401), {"name": "checker", "password": "wrong"}),
    ("POST", "/sign-out"): Expected(ACT),
    ("GET", "/welcome"): Expected((409, 409, 409, 409)),
    ("POST", "/welcome"): Expected((400, 400, 400, 400), {"token": "none", "password": "a", "password_again": "a"}),
    ("POST", "/language"): Expected((303, 303, 303, 303), {"language": "en"}),
    ("GET", "/account"): Expected(PAGE),
    ("POST", "/account"): Expected((401, 409, 409, 409), {"act": "password", "old": "x", "password": "a b c d e f g"}),
    ("GET", "/people"): Expected((303, 404, 404, 200)),
    ("POST", "/people"): Expected((401, 404, 404, 200), {"act": "add", "name": "new-one", "checker": "on"}),
    ("GET", ""): Expected(PAGE),
    ("POST", ""): Expected((401, 409, 303, 409), {"act": "approve", "claim_id": "{claim_id}:{draft_id}"}, GROWTH),
    ("GET", "/claims/{claim_id}"): Expected(PAGE),
    ("GET", "/claims/{claim_id}/evidence"): Expected(PAGE),
    ("POST", "/claims/{claim_id}/evidence"): Expected((401, 409, 409, 409)),
    ("POST", "/claims/{claim_id}/evidence/{act}"): Expected((401, 404, 404, 404)),
    ("GET", "/claims/{claim_id}/documents"): Expected(PAGE),
    ("POST", "/claims/{claim_id}/documents"): Expected((401, 409, 409, 409), {"question": "so"}),
    ("GET", "/claims/{claim_id}/kept/{capture_id}"): Expected((303, 404, 404, 404)),
    ("POST", "/claims/{claim_id}/{act}"): Expected((401, 404, 404, 404)),
    ("GET", "/check"): Expected((303, 303, 303, 303)),
    ("GET", "/check/{claim_id}"): Expected(PAGE),
    ("POST", "/check/{claim_id}"): Expected((401, 409, 409, 409), {"act": "propose", "seen": ":1"}),
    ("GET", "/articles"): Expected(PAGE),
    ("GET", "/articles/new"): Expected(PAGE),
    ("POST", "/articles/new"): Expected(
        (401, 303, 409, 409), {"article_id": ARTICLE_ID, "pasted": f"{TEXT}다음 호에 잇는다.\n"}
    ),
    ("GET", "/articles/{article_id}"): Expected(PAGE),
    ("GET", "/articles/{article_id}/sheet"): Expected(PAGE),
    ("GET", "/articles/{article_id}/compare"): Expected(PAGE),
    ("GET", "/articles/{article_id}/report"): Expected(PAGE),
    ("POST", "/articles/{article_id}/{act}"): Expected((401, 404, 404, 404)),
    ("GET", "/publish"): Expected(PAGE),
    ("POST", "/publish"): Expected((401, 409, 303, 409), {"act": "publish", "key": GROWTH, "shown": GROWTH}, GROWTH),
    ("GET", "/sheets"): Expected(PAGE),
    ("GET", "/sheets/export"): Expected(PAGE),
    ("POST", "/sheets/import"): Expected((401, 409, 409, 409)),
    ("GET", "/imports"): Expected(PAGE),
    ("GET", "/imports/{name}"): Expected((303, 404, 404, 404)),
    ("POST", "/imports/{name}"): Expected((401, 404, 404, 404), {"act": "approve", "seen": "x"}),
    ("GET", "/templates"): Expected(PAGE),
    ("POST", "/templates"): Expected((401, 409, 303, 409), {"kind": "reason", "text_ko": "단순 수치가 아니다."}),
    ("GET", "/notices"): Expected(PAGE),
    ("POST", "/notices"): Expected(ACT, {"act": "no-mail"}),
    ("GET", "/notices/{number}"): Expected((303, 404, 404, 404)),
    ("GET", "/feeds/{secret}.xml"): Expected((404, 404, 404, 404)),
    ("GET", "/reports"): Expected(PAGE),
    ("POST", "/reports"): Expected((401, 303, 303, 409), {"report": "1", "act": "close", "reason": "erledigt"}),
}
"""Every route, with an unknown action where it takes one; a new route needs a row."""

QUERY = 4
"""The number of the only query to the writer."""
CHECKERS, EDITORS, BOTH = (401, 303, 409, 409), (401, 409, 303, 409), (401, 303, 303, 409)

VERDICT = {"so_value": "not_checkable", "so_rationale_ko": "아직 모른다.", "so_as_of": "2026-04-03"}

DOCUMENT = {
    "title_en": "A call", "language": "en", "medium": "call", "tier": "secondary", "stance": "context",
    "summary_en": "They do not know.",
}  # fmt: skip

NOTE = {
    "correction": "clarification",
    "public_note_ko": "수를 고쳤다.",
    "statement_ko": "2030년 하늘항 짐은 약 120만t이다.",
}

FORMS: Mapping[str, Expected] = {
    "edit": Expected(CHECKERS, {"topics": "ports"}),
    "propose": Expected(CHECKERS, VERDICT),
    "correct": Expected(CHECKERS, NOTE),
    "attach": Expected(CHECKERS, DOCUMENT),
    "relate": Expected(CHECKERS, {f"relation_{GROWTH}": "contradicts"}),
    "take-back": Expected(CHECKERS, {"evidence": "1"}, GROWTH),
    "assign": Expected(BOTH, {"question": "said", "assignee": "checker"}),
    "query": Expected(CHECKERS, {"as_printed": "약 120만t", "should_read": "약 112만t"}),
    "answer": Expected(CHECKERS, {"query": str(QUERY), "answer": "fixed", "text": "고쳤다."}),
    "comment": Expected(BOTH, {"text": "전화했다."}),
    "approve": Expected(EDITORS, {}, GROWTH),
    "return": Expected(EDITORS, {}, GROWTH),
    "waive": Expected(EDITORS, {"code": "statement-scale-differs"}),
    "withdraw": Expected(EDITORS),
    "discard": Expected(EDITORS, {}, GROWTH),
}
"""Every action on a claim. One claim has no draft and is assigned to the checker, the other has a draft that waits."""

SENDING_FORMS: Mapping[str, Expected] = {
    "sending": Expected(EDITORS, {"may_send": "yes", "document": "{document}"}, GROWTH),
}
"""The action on a document that a claim cites; its form is on the page if a model outside is turned on."""

NEEDED: Mapping[str, frozenset[str]] = {
    "edit": frozenset({"seen", "reason"}),
    "propose": frozenset({"seen", "so_value", "so_rationale_ko", "so_as_of"}),
    "correct": frozenset({"seen", "reason", "correction", "public_note_ko", "statement_ko"}),
    "attach": frozenset({"seen", *DOCUMENT}),
    "take-back": frozenset({"seen", "evidence", "reason"}),
    "relate": frozenset({"seen"}),
    "assign": frozenset({"question"}),
    "query": frozenset({"as_printed", "should_read"}),
    "answer": frozenset({"query", "answer"}),
    "comment": frozenset({"text"}),
    "approve": frozenset({"draft_id"}),
    "return": frozenset({"draft_id", "reason"}),
    "waive": frozenset({"code", "reason"}),
    "withdraw": frozenset({"reason"}),
    "discard": frozenset({"draft_id", "reason"}),
}
"""The fields without which an action is refused, even if the browser sends the form."""

ARTICLE_FORMS: Mapping[str, Mapping[str, str]] = {
    "accept": {"claim_id": "staff-of-the-port-e5f6", "statement_ko": "하늘항 직원은 40명이다.",
               "source_kind": "own_reporting", "source_name_ko": "항만월간", "mode": "narration"},
    "dismiss": {}, "again": {}, "settle": {"claim_id": CARGO, "act": "place"},
    "furniture": {"act": "mask"}, "record": {},
}  # fmt: skip
"""Every action on the text of an article; a person without the checker role can do none of them."""

ARTICLE_TASK_FORMS: Mapping[str, Expected] = {
    "deadline": Expected(EDITORS, {"due_on": "2999-04-03T17:30"}),
    "note": Expected(BOTH, {"text": "전화하자."}),
    "sending": Expected(EDITORS, {"may_send": "yes", "reason": "이용 조건이 허용한다."}),
}
"""Every action on an article as a task."""

REFUSED, UNKNOWN = (401, 409, 409, 409), (401, 404, 404, 404)
CLAIM_SUGGESTION_FORMS: Mapping[str, Expected] = {
    "suggest": Expected(REFUSED, {"task": "questions"}),
    "use-suggestion": Expected(UNKNOWN, {"suggestion": "99", "statement": "x"}),
    "set-aside": Expected((401, 404, 409, 409), {"suggestion": "99"}),
}
ARTICLE_SUGGESTION_FORMS: Mapping[str, Expected] = {
    "suggest": Expected(REFUSED),
    "set-aside": Expected((401, 404, 409, 409), {"suggestion": "99", "start": "0", "end": "5"}),
}
"""Every action on a model's suggestions, in a newsroom that has turned on no model and has no suggestion."""
SUGGESTION_POSTS = [
    *((f"/claims/{CARGO}/{act}", expected) for act, expected in CLAIM_SUGGESTION_FORMS.items()),
    *((f"/articles/{ARTICLE_ID}/{act}", expected) for act, expected in ARTICLE_SUGGESTION_FORMS.items()),
]
"""The addresses of these actions."""

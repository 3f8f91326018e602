"""The desk's forms in the browsers of a newsroom: read from the current page, filled in, and sent.

A field that is not filled in is sent as the page has it, including hidden fields. Every action has a field on the page.
A form that the page does not offer to a person is refused if it is sent anyway.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import lxml.html
from desk_visits import PREFIX, TestClient
from workflow_model import AS_OF, Form, changed

from claimledger.datasette_plugin.desk_pages import desk_application
from claimledger.datasette_plugin.desk_pages.session import COOKIE
from claimledger.errors import LedgerError
from claimledger.ledger.files import LedgerPaths
from claimledger.vocabulary import CorrectionKind, RevisionKind

OK, DONE, MISSING, REFUSED = 200, 303, 404, 409
Typed = dict[str, str | list[str]]
FORMS = {None: "edit", RevisionKind.VERDICT: "propose", RevisionKind.CORRECTION: "correct"}
"""The form for each kind of version; None is a plain edit. An update has no form."""


class FormSubmission(NamedTuple):
    """A form that a person sends."""

    page: str
    """The address of its page, below the desk's address."""
    act: str
    """The address it is sent to, below the desk's address."""
    typed: Typed
    """The texts that are typed into it, by field; several values tick several boxes."""
    button: str = ""
    """The value of the button, if the form has several."""


class PageForm(NamedTuple):
    """A form as its page shows it."""

    address: str
    """The address it is sent to."""
    values: dict[str, list[str]]
    """The values of each field; empty for a box that is not ticked."""


class Refused(LedgerError):
    """Raised when a page of the desk refused a form, or does not offer it."""


class Browsers:
    """One browser for each person, signed in."""

    def __init__(self, places: LedgerPaths, sessions: Mapping[str, str]) -> None:
        """Sign in; `sessions` has the secret of each person by name."""
        application = desk_application(places)
        self._clients = {
            name: TestClient(application, base_url="http://127.0.0.1", cookies={COOKIE: secret})
            for name, secret in sessions.items()
        }

    def read(self, name: str, page: str, act: str) -> PageForm:
        """Return the form of a page.

        Raises:
            Refused: There is no such page, or it does not offer the form.
        """
        answer = self._clients[name].get(f"{PREFIX}{page}")
        if answer.status_code == MISSING:
            raise Refused(_page_text(answer.text))
        assert answer.status_code == OK, answer.text
        for form in lxml.html.fromstring(answer.text).forms:
            if form.method == "POST" and str(form.action).partition("?")[0] == f"{PREFIX}{act}":
                return PageForm(str(form.action), _form_values(form))
        raise Refused(f"{page} offers no form {act}")

    def send(self, name: str, sent: FormSubmission) -> None:
        """Send a form of the current page.

        Raises:
            Refused: The page does not offer the form, or refuses it.
        """
        shown = self.read(name, sent.page, sent.act)
        typed = {field: [value] if isinstance(value, str) else [*value] for field, value in sent.typed.items()}
        self.post(name, shown.address, shown.values | typed, sent.button)
        assert typed.keys() <= shown.values.keys(), f"{sent.act} has no {typed.keys() - shown.values.keys()}"

    def post(self, name: str, address: str, values: Mapping[str, list[str]], button: str = "") -> None:
        """Send the values of a form.

        Raises:
            Refused: The form was refused.
        """
        data = {**values, **({"act": button} if button else {})}
        answer = self._clients[name].post(address, data=data, follow_redirects=False)
        if answer.status_code in (REFUSED, MISSING):
            raise Refused(_page_text(answer.text))
        assert answer.status_code == DONE, answer.text


def _form_values(form: Any) -> dict[str, list[str]]:  # noqa: ANN401  an element of lxml, which has no types
    found: dict[str, list[str]] = {str(name): [] for name in form.inputs.keys()}  # noqa: SIM118  no mapping
    for name, value in form.form_values():
        found[str(name)].append(str(value))
    return found


def _page_text(page: str) -> str:
    return " ".join(lxml.html.fromstring(page).text_content().split())[:2000]


def on_claim(claim_id: str, act: str, **typed: str) -> FormSubmission:
    """Return a form of a claim's page."""
    return FormSubmission(f"/claims/{claim_id}", f"/claims/{claim_id}/{act}", {**typed})


def can_express(act: str, draw: Mapping[str, Any]) -> bool:
    """Return whether the form of an action can express a draw: a verdict is proposed only with an answer."""
    return act != "propose" or draw["value"] not in ("", "none")


def expressible_draw(act: str, draw: Mapping[str, Any], fields: Mapping[str, Any]) -> dict[str, Any]:
    """Return the part of a draw that the form of an action has fields for, on the claim's current version."""
    answered = {one["question"] for one in fields.get("verdicts", ())}
    nothing: dict[str, Any] = {"statement": None, "topic": "", "evidence": "", "more": {}, "value": ""}
    match act:
        case "edit":
            return {**draw, "evidence": "", "value": ""}
        case "propose":
            return {**draw, **nothing, "value": draw["value"]}
        case _:
            evidence = "less" if draw["evidence"] == "less" and fields.get("evidence") else ""
            return {**draw, "evidence": evidence, "value": draw["value"] if draw["question"] in answered else ""}


def with_form_fields(standing: Mapping[str, Any], seen: Mapping[str, Any]) -> dict[str, Any]:
    """Return a claim's current fields, with those of a form replaced that was filled in when the claim was `seen`."""
    return {one: value for one, value in {**standing, **{name: seen.get(name) for name in OWN}}.items() if value}


OWN = ("statement", "topics", "about_on", "said_on", "note")
"""The fields of the claim's own form that the rules can change."""


def fill(act: str, form: Form, draw: Mapping[str, Any], standing: Mapping[str, Any], what: CorrectionKind) -> Typed:
    """Return the values that are typed into the form of an edit, a verdict or a correction."""
    values: Typed = {"reason": "더 낫다."}
    if act != "propose":
        values |= _claim_values(changed(form.fields, {**draw, "evidence": "", "value": ""}))
    if draw["value"]:
        value = "" if draw["value"] == "none" else draw["value"]
        question = draw["question"]
        values |= {f"{question}_value": value, f"{question}_rationale_ko": "살펴보았다.", f"{question}_as_of": AS_OF}
    if act == "correct":
        values |= {"correction": what.value, "public_note_ko": "고쳤다."}
    if draw["evidence"]:
        evidence = standing["evidence"]
        values[f"take_back_{len(evidence)}"] = f"{evidence[-1]['document_id']} {evidence[-1]['stance']}"
    return values


def _claim_values(fields: Mapping[str, Any]) -> Typed:
    return {
        "statement_ko": fields["statement"]["ko"], "topics": ", ".join(fields["topics"]),
        "about_on": fields.get("about_on", ""), "said_on": fields.get("said_on", ""),
        "note_ko": fields.get("note", {}).get("ko", ""),
    }  # fmt: skip

"""The desk's forms in the browsers of a newsroom: read from the page as it stands, typed over, and sent.

In: who sends which form of which page, and what they type. Out: nothing, or a refusal, as an act of the desk has it.
The invariant: what nobody types is sent as the page's own form has it, hidden fields included; what is done has a field
on the page, and what the page does not offer to somebody is refused if it is sent all the same.
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
"""The form in which a version of a kind is written; none is a plain edit, and there is no form of an update."""


class Sent(NamedTuple):
    """A form that somebody sends."""

    page: str
    """The address of its page, below the desk's."""
    act: str
    """Its own address, below the desk's."""
    typed: Typed
    """What is typed into it, by field; several values tick several boxes."""
    button: str = ""
    """The word of the button, where the form has several."""


class Shown(NamedTuple):
    """A form as its page has it."""

    address: str
    """Where it is sent."""
    values: dict[str, list[str]]
    """What stands in each field; nothing in a box that is not ticked."""


class Refused(LedgerError):
    """A page of the desk refused a form, or does not offer it."""


class Browsers:
    """One browser for each person, signed in."""

    def __init__(self, places: LedgerPaths, sessions: Mapping[str, str]) -> None:
        """Open them; `sessions` are the secrets by name."""
        application = desk_application(places)
        self._clients = {
            name: TestClient(application, base_url="http://127.0.0.1", cookies={COOKIE: secret})
            for name, secret in sessions.items()
        }

    def read(self, name: str, page: str, act: str) -> Shown:
        """Return the form of a page.

        Raises:
            Refused: there is no such page, or it does not offer the form.
        """
        answer = self._clients[name].get(f"{PREFIX}{page}")
        if answer.status_code == MISSING:
            raise Refused(_told(answer.text))
        assert answer.status_code == OK, answer.text
        for form in lxml.html.fromstring(answer.text).forms:
            if form.method == "POST" and str(form.action).partition("?")[0] == f"{PREFIX}{act}":
                return Shown(str(form.action), _values(form))
        raise Refused(f"{page} offers no form {act}")

    def send(self, name: str, sent: Sent) -> None:
        """Send a form of a page as it stands now.

        Raises:
            Refused: the page does not offer it, or it is refused.
        """
        shown = self.read(name, sent.page, sent.act)
        typed = {field: [told] if isinstance(told, str) else [*told] for field, told in sent.typed.items()}
        self.post(name, shown.address, shown.values | typed, sent.button)
        assert typed.keys() <= shown.values.keys(), f"{sent.act} has no {typed.keys() - shown.values.keys()}"

    def post(self, name: str, address: str, values: Mapping[str, list[str]], button: str = "") -> None:
        """Send what stands in a form.

        Raises:
            Refused: it is refused.
        """
        data = {**values, **({"act": button} if button else {})}
        answer = self._clients[name].post(address, data=data, follow_redirects=False)
        if answer.status_code in (REFUSED, MISSING):
            raise Refused(_told(answer.text))
        assert answer.status_code == DONE, answer.text


def _values(form: Any) -> dict[str, list[str]]:  # noqa: ANN401  an element of lxml, which has no types
    found: dict[str, list[str]] = {str(name): [] for name in form.inputs.keys()}  # noqa: SIM118  no mapping
    for name, value in form.form_values():
        found[str(name)].append(str(value))
    return found


def _told(page: str) -> str:
    return " ".join(lxml.html.fromstring(page).text_content().split())[:2000]


def on_claim(claim_id: str, act: str, **typed: str) -> Sent:
    """Return a form of a claim's page."""
    return Sent(f"/claims/{claim_id}", f"/claims/{claim_id}/{act}", {**typed})


def fits(act: str, draw: Mapping[str, Any]) -> bool:
    """Whether the form of an act can be sent with it: a verdict is proposed by answering."""
    return act != "propose" or draw["value"] not in ("", "none")


def expressible(act: str, draw: Mapping[str, Any], fields: Mapping[str, Any]) -> dict[str, Any]:
    """Return what of a draw the form of an act has a field for, on a claim as it stands at the desk."""
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


def typed_over(standing: Mapping[str, Any], seen: Mapping[str, Any]) -> dict[str, Any]:
    """Return a claim as it stands, with the fields of a form that was filled in when it said `seen`."""
    return {one: told for one, told in {**standing, **{name: seen.get(name) for name in OWN}}.items() if told}


OWN = ("statement", "topics", "about_on", "said_on", "note")
"""The fields of the claim's own form that the rules ever change."""


def fill(act: str, form: Form, draw: Mapping[str, Any], standing: Mapping[str, Any], what: CorrectionKind) -> Typed:
    """Return what is typed into the form of an edit, a verdict or a correction."""
    said: Typed = {"reason": "더 낫다."}
    if act != "propose":
        said |= _own(changed(form.fields, {**draw, "evidence": "", "value": ""}))
    if draw["value"]:
        value = "" if draw["value"] == "none" else draw["value"]
        question = draw["question"]
        said |= {f"{question}_value": value, f"{question}_rationale_ko": "살펴보았다.", f"{question}_as_of": AS_OF}
    if act == "correct":
        said |= {"correction": what.value, "public_note_ko": "고쳤다."}
    if draw["evidence"]:
        evidence = standing["evidence"]
        said[f"take_back_{len(evidence)}"] = f"{evidence[-1]['document_id']} {evidence[-1]['stance']}"
    return said


def _own(fields: Mapping[str, Any]) -> Typed:
    return {
        "statement_ko": fields["statement"]["ko"], "topics": ", ".join(fields["topics"]),
        "about_on": fields.get("about_on", ""), "said_on": fields.get("said_on", ""),
        "note_ko": fields.get("note", {}).get("ko", ""),
    }  # fmt: skip

"""Before a checker says that nothing was found, the desk's own documents are searched for the claim."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from claimledger import desk
from claimledger.cli import main
from claimledger.desk import check_steps, lookups
from claimledger.errors import ProblemsFound
from claimledger.models import Claim
from claimledger.vocabulary import Question, RevisionKind
from newsroom import CARGO, GROWTH, Clock, acting, actor, document, edit_by, hire, published

pytestmark = pytest.mark.slow
SUMMARY = {"en": "The terminal handled 1,204,000 tonnes in 2030."}
VERDICT = {
    "question": "so", "value": "not_enough_evidence", "rationale": {"en": "Nothing was found."}, "as_of": "2031-04-03",
}  # fmt: skip


def test_document_of_another_claim_is_found_and_noted(tmp_path: Path) -> None:
    clock = Clock()
    places = published(tmp_path, clock)
    one = document("terminal-yearbook-a2b3") | {"title": {"en": "Yearbook of the terminal"}, "publisher": {"en": "X"}}
    evidence = {"document_id": one["document_id"], "stance": "context", "summary": SUMMARY}
    desk.attach(places, GROWTH, one, evidence, None, edit_by("checker", "Seen."), clock)

    search = desk.search_documents(places, CARGO)
    assert [(found.document.document_id, found.is_cited) for found in search.found] == [(one["document_id"], False)]
    assert ("figure", "1,204,000 tonnes", "summary") in search.found[0].match.shared
    assert "120만t" in search.terms

    with pytest.raises(ProblemsFound) as refusal:
        desk.record_search(places, CARGO, Question.SO, edit_by("checker", "Searched."), clock)
    assert refusal.value.problems[0].code == "search-without-verdict"
    hire(places, "checker")
    desk.assign(places, CARGO, Question.SO, "checker", actor("editor"), clock=clock)
    fields = lookups.claim_at_desk(places, CARGO).claim.to_json() | {"verdicts": [VERDICT]}
    at = lookups.claim_at_desk(places, CARGO)
    seen = check_steps.SeenVersion(at.head_sha256, None)
    desk.edit(places, CARGO, fields, seen, edit_by("checker", "Proposed.", RevisionKind.VERDICT), clock)
    draft = desk.record_search(places, CARGO, Question.SO, edit_by("checker", "Searched."), clock)
    assert draft is not None
    assert isinstance(draft.record, Claim)
    assert [place.terms for place in draft.record.verdicts[0].searched] == [search.terms]

    shown = CliRunner().invoke(main, ["--root", str(tmp_path), "evidence", "search", CARGO], env=acting(places, "a"))
    assert shown.exit_code == 0, shown.output
    assert "terminal-yearbook-a2b3" in shown.output
    assert "figure 1,204,000 tonnes" in shown.output

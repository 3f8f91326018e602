"""A document that could not be attached is kept for the next try, for its uploader and claim only."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import desk_visits
import pytest
from desk_visits import TestClient, field, token
from loopback import serving
from made_documents import SENTENCE, answered, pdf_of, reaching
from newsroom import CARGO, GROWTH, actor

from claimledger.desk import evidence_steps, lookups
from claimledger.datasette_plugin.desk_pages import PREFIX, pending_uploads, desk_application
from claimledger.datasette_plugin.desk_pages.pending_uploads import PendingUploads
from claimledger.desk.exhibits import IncomingDocument
from claimledger.ledger.files import LedgerPaths

pytestmark = pytest.mark.slow

EVIDENCE_FIELDS = {"stance": "supports", "tier": "primary", "summary_ko": "연감의 수와 맞는다.", "withheld": "no"}


@pytest.fixture
def places(tmp_path: Path) -> LedgerPaths:
    return desk_visits.made(tmp_path)


def attach(
    client: TestClient, file: tuple[str, bytes] | None = None, claim_id: str = CARGO, **fields: Any  # noqa: ANN401
) -> tuple[int, str]:  # fmt: skip
    page = f"{PREFIX}/claims/{claim_id}/evidence"
    form = {"form_token": token(client), "seen": field(client.get(page).text, "seen"), **EVIDENCE_FIELDS, **fields}
    answer = client.post(page, data=form, files={"file": file} if file else None)
    return answer.status_code, answer.text


def test_fetched_document_is_reused_and_its_text_is_shown(places: LedgerPaths) -> None:
    with serving(answered()) as server:
        client = TestClient(
            desk_application(places, reaching(server)),
            base_url="http://127.0.0.1", cookies=dict(desk_visits.signed_in(places, "kim").cookies),
        )  # fmt: skip
        address = f"{server.address}/a"
        status, shown = attach(client, fetch=address, excerpt="nobody said so")
        assert (status, SENTENCE in shown) == (409, True)
        assert "Extracted text: copy the passage" in shown
        assert [f"{more}90 seconds" in shown for more in ("within ", "record its address (up to ")] == [True, True]
        status, shown = attach(client, fetch=address, kept=field(shown, "kept"), excerpt=SENTENCE)
        assert (status, len(server.requests)) == (200, 1)
    assert f'<mark dir="auto">{SENTENCE}</mark>' in shown
    assert 'name="kept"' not in shown


def test_uploaded_file_is_remembered_only_for_its_uploader_and_claim(places: LedgerPaths) -> None:
    client = desk_visits.signed_in(places, "kim")
    document_fields: dict[str, Any] = {"title_ko": "회의록", "language": "ko", "withheld": ""}
    status, shown = attach(client, ("minutes.pdf", pdf_of(SENTENCE)), excerpt="nobody said so", **document_fields)
    kept = field(shown, "kept")
    assert status == 409
    for name, claim_id in (("choi", CARGO), ("kim", GROWTH)):
        other = TestClient(
            client.app, base_url="http://127.0.0.1", cookies=dict(desk_visits.signed_in(places, name).cookies)
        )
        status, refused = attach(other, claim_id=claim_id, kept=kept, **document_fields)
        assert (status, "No document was given." in refused, SENTENCE in refused) == (409, True, False)
    assert not any(path.is_file() for path in places.private_evidence.rglob("*"))
    assert attach(client, kept=kept, excerpt=SENTENCE, **document_fields)[0] == 200
    (document,) = lookups.claim_documents(places, CARGO, actor("checker"))
    assert [one.name for one in document.captures] == ["minutes.pdf"]


def test_pending_upload_expires_after_30_minutes_or_if_space_runs_out(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [0.0]
    before = PendingUploads(lambda: now[0])
    document = evidence_steps.read_document_file("a.txt", b"A text.")
    monkeypatch.setattr(pending_uploads, "_MOST_BYTES", 8 * pending_uploads.memory_size(document))
    sha256 = document.capture.sha256

    def found_uploads() -> list[IncomingDocument | None]:
        return [before.find(f"p{number}", CARGO, sha256) for number in range(9)]

    for number in range(9):
        before.keep(f"p{number}", CARGO, document)
    assert found_uploads() == [None, *[document] * 8]
    before.drop("p8")
    now[0] = 1_799
    assert found_uploads()[1] is document
    now[0] = 1_800
    assert found_uploads() == [None] * 9


def test_memory_size_counts_the_bytes_of_a_text() -> None:
    short, long = (evidence_steps.read_document_file("a.txt", text.encode()) for text in ("글", "글" * 10_000))
    assert pending_uploads.memory_size(long) - pending_uploads.memory_size(short) == 9_999 * (
        3 + 2
    )  # UTF-8, and as Python has it

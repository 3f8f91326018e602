"""Claims for review sheets, and a lookup over claims in memory that counts its calls."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec

from claimledger.models import Claim
from claimledger.publishing.csv_exchange import Encoding
from claimledger.sheets.merge import CurrentClaim, SheetPlan, plan_sheet
from claimledger.sheets.review_sheet import Delimiter, read_sheet, sheet_bytes
from claimledger.sheets.sheet_columns import ReviewRow, claim_fingerprint

CRANES = "cranes-move-forty-percent-more-aaaa"


def claim(**fields: Any) -> Claim:  # noqa: ANN401  any JSON value
    """Return a claim made up for tests, with fields of its JSON replaced; None removes a field."""
    values = {
        "claim_id": CRANES,
        "article_id": "harbour-monthly-2031-04",
        "statement": {"ko": "새 크레인은 컨테이너를 40% 더 옮긴다.", "en": "The cranes move 40% more."},
        "speaker": {"kind": "person", "name": {"ko": "서미래", "en": "Seo Mirae"}, "role": {"ko": "소장"}},
        "attribution": {"mode": "direct_quote", "speaker_basis": "explicit"},
        "source": {"kind": "speech", "name": {"ko": "항만 브리핑"}, "published_on": "2031-03"},
        "quantities": [{"text": "13000000000", "amount": "13000000000", "unit": "tonne"}],
        "topics": ["ports"],
        "note": {"ko": "덧붙임 “하나”"},
        **fields,
    }
    kept = {name: value for name, value in values.items() if value is not None}
    return Claim.model_validate_json(msgspec.json.encode(kept))


def verdict(question: str = "so", value: str = "supported", **fields: Any) -> dict[str, Any]:  # noqa: ANN401
    return {
        "question": question,
        "value": value,
        "rationale": {"ko": "자료가 그렇다."},
        "as_of": "2031-04-25",
        **fields,
    }


class Shelf:
    """A lookup over public revisions and drafts in memory."""

    def __init__(
        self,
        *public: Sequence[Claim],
        drafts: Iterable[Claim] = (),
        redacted: Iterable[tuple[str, int]] = (),
        written_before: Iterable[Claim] = (),
    ) -> None:
        self._public = {revisions[0].claim_id: revisions for revisions in public}
        self._drafts = {one.claim_id: one for one in drafts}
        self._redacted = set(redacted)
        self._written_before = [*written_before]
        self.asked = 0

    def current_claim(self, claim_id: str) -> CurrentClaim | None:
        self.asked += 1
        revisions, draft = self._public.get(claim_id, ()), self._drafts.get(claim_id)
        if not revisions and draft is None:
            return None
        public = revisions[-1] if revisions else None
        standing = draft or public
        assert standing is not None
        head = f"{len(revisions):064x}" if revisions else None
        return CurrentClaim(head, len(revisions), public, standing, "kim" if draft else "")

    def public_claim(self, claim_id: str, revision: int) -> Claim | None:
        self.asked += 1
        return None if (claim_id, revision) in self._redacted else self._public[claim_id][revision - 1]

    def find_draft(self, claim_id: str, wanted_fingerprint: str) -> Claim | None:
        self.asked += 1
        return next((one for one in self._written_before if claim_fingerprint(one) == wanted_fingerprint), None)

    def similar_claims(self, claim_id: str) -> Sequence[str]:
        self.asked += 1
        return [name for name in (*self._public, *self._drafts) if name[:5] == claim_id[:5]]

    def document_at(self, address: str) -> str:
        self.asked += 1
        return "known-document-aaaa" if address.endswith("/known") else ""


def edited(content: bytes, edits: Mapping[str, str], row: int = 1, encoding: str = "utf-8-sig") -> bytes:
    """Return a sheet with new texts in some cells of a row (1 is the first claim), as they are in the file."""
    header, *rows = csv.reader(io.StringIO(content.decode(encoding), newline=""))
    rows[row - 1] = [edits.get(name, cell) for name, cell in zip(header, rows[row - 1], strict=True)]
    target = io.StringIO(newline="")
    csv.writer(target).writerows([header, *rows])
    return target.getvalue().encode(encoding)


def planned(shelf: Shelf, row: ReviewRow, edits: Mapping[str, str]) -> SheetPlan:
    """Return the plan of a sheet with one row, in which some cells were edited."""
    return plan_sheet(read_sheet(edited(sheet_bytes([row]), edits), "sheet.csv"), shelf)


def codes(found: Iterable[Any]) -> list[tuple[str, str]]:
    """Return the code and the column of each problem or notice."""
    return [(one.code, one.field) for one in found]


FULL_ENCODINGS = (Encoding.UTF_8_SIG, Encoding.UTF_8, Encoding.UTF_16)
DELIMITERS = tuple(Delimiter)

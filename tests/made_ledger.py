"""A small ledger made up for tests, Korean and English: two articles on a port that does not exist.

Each entry of its log is a valid revision in canonical form. There are eight claims. Their speakers are a person, an
anonymous person, an organisation, or the article itself. One claim has two figures, one is only in Korean, and one has
figures that no double can represent. The log has an update, a correction, verdicts with evidence, a withdrawal and a
redaction after it. One claim is in two editions. Two sources have the same name and different dates. Times and nonces
are fixed.
"""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

import msgspec

from claimledger.ledger.canonical import encode_body, leaf_sha256
from claimledger.ledger.content_store import content_path
from claimledger.ledger.files import replace_bytes
from claimledger.ledger.log import LogEntry, append_bodies
from claimledger.models import Revision

FIRST_EDITION = sha256("하늘항의 새 크레인, 첫 판".encode()).hexdigest()
SECOND_EDITION = sha256("하늘항의 새 크레인, 고친 판".encode()).hexdigest()
HERALD_TEXT = "It was 12 % slower.\r\n\r\n<b>Cranes</b> & “men”:\tnobody  drives.\n"
"""The only text that its rights allow, with characters that HTML, CSV and a change of line ends would each spoil."""
HERALD_EDITION = sha256(HERALD_TEXT.encode()).hexdigest()

ARTICLE: Mapping[str, Any] = {
    "article_id": "harbour-monthly-2031-04",
    "headline": {"ko": "하늘항의 새 크레인", "en": "The new cranes of Haneul port"},
    "publisher": {"ko": "항만월간", "en": "Harbour Monthly"},
    "issue": "4월호",
    "published_on": "2031-04-02",
    "language": "ko",
    "section": {"ko": "현장", "en": "On site"},
    "authors": [{"name": {"ko": "문가온", "en": "Moon Gaon"}}],
    "rights": {"holder": {"ko": "항만월간"}, "statement": {"en": "The text may not be copied."}},
    "editions": [{"edition_sha256": FIRST_EDITION, "length": 5200}],
}
HERALD: Mapping[str, Any] = {
    "article_id": "sea-herald-2031-05",
    "headline": {"en": "Cranes without drivers"},
    "publisher": {"en": "The Sea Herald"},
    "published_on": "2031-05",
    "language": "en",
    "translators": [{"name": {"en": "Ida Brandt"}}],
    "original": {"publisher": {"en": "Kustavisen", "no": "Kystavisen"}, "published_on": "2031-04"},
    "address": "https://example.org/cranes",
    "rights": {
        "holder": {"en": "The Sea Herald"},
        "statement": {"en": "Free to copy."},
        "may_hold_text": True,
        "may_publish_text": True,
    },
    "editions": [{"edition_sha256": HERALD_EDITION, "length": len(HERALD_TEXT)}],
}

DIRECTOR: Mapping[str, Any] = {
    "kind": "person",
    "name": {"en": "Seo Mirae", "ko": "서미래", "zh": "徐未来"},
    "role": {"en": "director", "ko": "소장"},
    "organization": {"en": "Haneul Port Authority", "ko": "하늘항만공사"},
}
DRIVER: Mapping[str, Any] = {
    "kind": "anonymous",
    "name": {"en": "a crane driver", "ko": "한 크레인 기사"},
    "role": {"en": "crane driver", "ko": "크레인 기사"},
}
NARA: Mapping[str, Any] = {"kind": "organization", "name": {"ko": "나라테크"}}
QUOTED = {"mode": "direct_quote", "speaker_basis": "explicit"}
REPORTED = {"mode": "indirect_quote", "cue": "에 따르면", "speaker_basis": "carried"}
BRIEFING: Mapping[str, Any] = {"kind": "speech", "name": {"en": "Port briefing", "ko": "항만 브리핑"}}
OWN: Mapping[str, Any] = {"kind": "own_reporting", "name": {"en": "Harbour Monthly", "ko": "항만월간"}}

SPEED: Mapping[str, Any] = {
    "claim_id": "cranes-move-forty-percent-more-aaaa",
    "article_id": ARTICLE["article_id"],
    "statement": {
        "en": "The new cranes move about 40% more containers, at least 32 an hour.",
        "ko": "새 크레인은 컨테이너를 약 40% 더, 시간당 적어도 32개 옮긴다.",
    },
    "speaker": DIRECTOR,
    "attribution": QUOTED,
    "source": {**BRIEFING, "published_on": "2031-03-20"},
    "quantities": [
        {"text": "약 40%", "amount": "40", "unit": "percent", "comparator": "about", "direction": "above"},
        {"text": "적어도 32개", "amount": "32", "unit": "container an hour", "comparator": "at_least"},
    ],
    "topics": ["automation", "ports"],
}
JOBS: Mapping[str, Any] = {
    "claim_id": "automation-cost-jobs-bbbb",
    "article_id": ARTICLE["article_id"],
    "statement": {"en": "Automation cost more than 120 jobs.", "ko": "자동화로 일자리가 120개 넘게 사라졌다."},
    "speaker": DRIVER,
    "attribution": REPORTED,
    "source": OWN,
    "quantities": [{"text": "120개 넘게", "amount": "120", "unit": "job", "comparator": "more_than"}],
    "topics": ["jobs", "automation"],
}
PRICE: Mapping[str, Any] = {
    "claim_id": "cranes-cost-dollars-cccc",
    "article_id": ARTICLE["article_id"],
    "statement": {"en": "The cranes cost $13.5 million.", "ko": "크레인 값은 1350만달러, 약 180억원이다."},
    "speaker": DIRECTOR,
    "attribution": QUOTED,
    "source": {**BRIEFING, "published_on": "2031-03-27"},
    "quantities": [
        {"text": "1350만달러", "amount": "13500000", "currency": "USD"},
        {"text": "약 180억원", "amount": "18000000000", "currency": "KRW", "comparator": "about"},
    ],
    "topics": ["prices"],
    "said_on": "2031-03-27",
}
BASIN: Mapping[str, Any] = {
    "claim_id": "east-basin-opened-dddd",
    "article_id": ARTICLE["article_id"],
    "statement": {"en": "The east basin opened.", "ko": "동쪽 부두가 문을 열었다."},
    "attribution": {"mode": "narration"},
    "source": OWN,
    "topics": ["ports"],
    "about_on": "2029-10",
}
SHARE: Mapping[str, Any] = {
    "claim_id": "nara-share-of-market-eeee",
    "article_id": ARTICLE["article_id"],
    "statement": {"ko": "나라테크의 점유율은 3분의 2에 가깝다."},
    "speaker": NARA,
    "attribution": {"mode": "document", "speaker_basis": "explicit"},
    "source": {"kind": "announcement", "name": {"ko": "나라테크 발표"}, "address": "https://example.org/nara"},
    "quantities": [{"text": "3분의 2에 가깝다", "amount": "0.6667", "unit": "share", "comparator": "nearly"}],
    "topics": ["market"],
    "said_on": "2031-01/2031-03",
}
GRAINS: Mapping[str, Any] = {
    "claim_id": "grains-of-sand-moved-ffff",
    "article_id": HERALD["article_id"],
    "statement": {"en": "The dredger moved countless grains of sand."},
    "attribution": {"mode": "narration"},
    "source": {"kind": "publication", "name": {"en": "Kustavisen"}},
    "quantities": [
        {"text": "12…890", "amount": "123456789012345678901234567890", "unit": "grain"},
        {"text": "0.1…1 mm", "amount": "0.10000000000000000001", "unit": "millimetre"},
        {"text": "5 to 7.5 m", "low": "5", "high": "7.5", "unit": "metre"},
        {"text": "10^20", "amount": "100000000000000000000", "unit": "grain"},
    ],
    "topics": ["dredging", "dredging-records"],
    "note": {"en": "The figures are the paper's own.", "ko": "수는 그 신문의 것이다."},
}
PLAN: Mapping[str, Any] = {
    "claim_id": "cranes-without-drivers-plan-gggg",
    "article_id": HERALD["article_id"],
    "statement": {"en": "All cranes will run without drivers.", "ko": "모든 크레인이 기사 없이 움직일 것이다."},
    "speaker": {**DIRECTOR, "role": {"en": "chief executive"}},
    "attribution": QUOTED,
    "source": {**BRIEFING, "published_on": "2031-03-27"},
    "topics": ["automation"],
}
RIVAL: Mapping[str, Any] = {
    "claim_id": "rival-port-slower-hhhh",
    "article_id": HERALD["article_id"],
    "statement": {"en": "The rival port is 12% slower.", "ko": "경쟁 항만은 12% 느리다."},
    "attribution": {"mode": "narration"},
    "source": {"kind": "report", "name": {"en": "Port briefing"}, "published_on": "2031-03-27"},
    "quantities": [{"text": "12%", "amount": "12", "unit": "percent", "direction": "below"}],
    "topics": ["ports"],
    "relations": [{"relation": "contradicts", "claim_id": SPEED["claim_id"]}],
}

YEARBOOK: Mapping[str, Any] = {
    "document_id": "port-yearbook-2030",
    "medium": "pdf",
    "title": {"en": "Port yearbook 2030", "ko": "항만 연감 2030"},
    "publisher": {"en": "Haneul Port Authority"},
    "language": "ko",
    "published_on": "2031-01",
    "address": "https://example.org/yearbook.pdf",
    "obtained_at": "2031-04-05T08:00:00.000Z",
    "captured": "full",
    "content_sha256": sha256(b"yearbook").hexdigest(),
    "tier": "primary",
    "rights": {"holder": {"en": "Haneul Port Authority"}, "statement": {"en": "Free to copy."}, "may_hold_text": True},
}
COLUMN: Mapping[str, Any] = {
    "document_id": "column-on-yearbook",
    "medium": "web",
    "title": {"ko": "연감을 읽다"},
    "language": "ko",
    "address": "https://example.org/column",
    "obtained_at": "2031-04-06T08:00:00.000Z",
    "captured": "excerpt",
    "tier": "secondary",
    "derives_from": ["port-yearbook-2030"],
}
EVIDENCE: list[Mapping[str, Any]] = [
    {
        "document_id": "port-yearbook-2030",
        "stance": "supports",
        "summary": {"en": "It counts 33 an hour.", "ko": "시간당 33개로 적었다."},
        "excerpt": "시간당 33개",
    },
    {"document_id": "column-on-yearbook", "stance": "supports", "summary": {"ko": "연감을 옮겼다."}},
]
SO: Mapping[str, Any] = {
    "question": "so",
    "value": "supported",
    "rationale": {"en": "The yearbook says so.", "ko": "연감과 같다."},
    "as_of": "2031-04-07",
    "recheck_after": "2032-04-07",
}
SAID: Mapping[str, Any] = {
    "question": "said",
    "value": "not_enough_evidence",
    "rationale": {"ko": "녹음이 없다."},
    "as_of": "2031-04-08",
}


def appearance(claim: Mapping[str, Any], edition: str, start: int, quote: Mapping[str, Any]) -> dict[str, Any]:
    """Return a claim's passage in an edition, 12 code points long."""
    return {
        "claim_id": claim["claim_id"],
        "article_id": claim["article_id"],
        "edition_sha256": edition,
        "position": {"start": start, "end": start + 12},
        "quote": quote,
    }


KUSTAVISEN_PAGE = "/sources/Kustavisen%20%28another%20publication%29"
HARBOUR_PAGE = "/sources/Harbour%20Monthly%20%28the%20publication%27s%20own%20reporting%29"
"""The addresses of the sources of `GRAINS` and `OWN`."""

HIDDEN_QUOTE = {"exact": {"length": 12, "sha256": sha256(b"twelve signs").hexdigest()}}
SHOWN_QUOTE = {"exact": "12 % slower.", "prefix": "It was "}


class LogMaker:
    """A log that grows by valid revisions; it sets their number, version, chain and time."""

    def __init__(self) -> None:
        """Start with an empty log."""
        self.entries: list[LogEntry] = []
        self._heads: dict[str, tuple[int, str]] = {}

    def add(self, record: Mapping[str, Any], kind: str = "listed", **said: object) -> LogEntry:
        """Append a version of a record; `said` replaces fields of the revision."""
        number = len(self.entries) + 1
        subject, key = subject_and_key(record)
        version, prev = self._heads.get(key, (0, ""))
        body: dict[str, object] = (
            {
                "format": 1,
                "nonce": sha256(str(number).encode()).hexdigest()[:32],
                "number": number,
                "subject": subject,
                "key": key,
                "revision": version + 1,
                "kind": kind,
                "recorded_at": f"2031-04-{10 + number // 10:02d}T09:{number % 60:02d}:00.000Z",
                "authors": ["haru"],
                "approver": "sora",
                "reason": "처음 싣는다." if kind == "listed" else "확인했다.",
                "record": record,
            }
            | ({"prev": prev} if prev else {})
            | said
        )
        canonical = encode_body(Revision.model_validate_json(msgspec.json.encode(body)).to_json())
        entry = LogEntry(number, leaf_sha256(canonical).hex(), canonical)
        self.entries.append(entry)
        self._heads[key] = (version + 1, entry.sha256)
        return entry


def subject_and_key(record: Mapping[str, Any]) -> tuple[str, str]:
    """Return the subject and the key of a record in JSON."""
    if "edition_sha256" in record:
        place = f".{record['place']}" if record.get("place", 1) > 1 else ""
        return "appearance", f"{record['claim_id']}@{record['edition_sha256'][:12]}{place}"
    if "claim_id" in record:
        return "claim", record["claim_id"]
    subject = next(name for name in ("document", "article", "alias", "earlier_check") if f"{name}_id" in record)
    return subject, record[f"{subject}_id"]


EARLIER_CHECK: Mapping[str, Any] = {
    "earlier_check_id": "seorae-2029-0003", "import_id": "seorae",
    "publisher": {"en": "Seorae Daily", "ko": "서래일보"},
    "claim": "하늘항의 화물은 2028년에 90만t이었다.", "language": "ko", "speaker": "서미래", "said_on": "2029-01",
    "rating": "대체로 사실", "rating_scale": "사실, 대체로 사실, 거짓", "address": "https://example.org/seorae/3",
    "checked_on": "2029-02-03", "headline": "하늘항 화물 검증", "summary": "통계와 같다.", "topics": ["ports"],
}  # fmt: skip
"""A check by another newsroom."""


def made_entries() -> list[LogEntry]:
    """Return the entries of the made-up ledger's log."""
    return made_log().entries


def made_log() -> LogMaker:
    """Return the log of the made-up ledger; it can grow further."""
    log = LogMaker()
    for record in (ARTICLE, HERALD, SPEED, JOBS, PRICE, BASIN, SHARE, GRAINS, PLAN, RIVAL, YEARBOOK, COLUMN):
        log.add(record)
    log.add(appearance(SPEED, FIRST_EDITION, 100, HIDDEN_QUOTE))
    log.add(appearance(RIVAL, HERALD_EDITION, 7, SHOWN_QUOTE))
    log.add({**SPEED, "said_on": "2031-03-20"}, "update", authors=["miru", "haru"])
    log.add({**SPEED, "said_on": "2031-03-20", "evidence": EVIDENCE, "verdicts": [SO]}, "verdict")
    log.add({**JOBS, "verdicts": [SAID]}, "verdict")
    dollars = {"text": "1350만달러", "amount": "13550000", "currency": "USD"}
    log.add(
        {**PRICE, "quantities": [dollars, PRICE["quantities"][1]], "topics": ["prices", "ports"]},
        "correction",
        correction={
            "kind": "clarification",
            "public_note": {"en": "The sum was $13.55 million.", "ko": "금액을 고쳤다."},
        },
    )
    log.add(SHARE, "withdrawal", reason="발표가 거두어졌다.")
    log.add({**SHARE, "source": {"kind": "announcement", "name": {"ko": "나라테크 발표"}}}, "redaction")
    second = [*ARTICLE["editions"], {"edition_sha256": SECOND_EDITION, "length": 5250}]
    log.add({**ARTICLE, "editions": second}, "update")
    log.add(appearance(SPEED, SECOND_EDITION, 150, HIDDEN_QUOTE))
    log.add({**COLUMN, "archived_address": "https://example.org/archive/column"}, "update")
    return log


PORT_NAMES = {"alias_id": "haneul-port", "kind": "place", "names": [{"text": "Haneul"}, {"text": "하늘항"}]}
"""A group of names."""


def entries_with_names() -> list[LogEntry]:
    """Return the entries with a group of names, so that no table is empty."""
    log = made_log()
    log.add(PORT_NAMES)
    log.add(EARLIER_CHECK)
    return log.entries


def write_log(folder: Path) -> Path:
    """Write the made-up ledger's log below a folder and return its path."""
    log = folder / "claims" / "log"
    append_bodies(log, [entry.body for entry in made_entries()], first=1)
    return log


def write_texts(folder: Path) -> Path:
    """Write the only text that may be published below a folder and return the folder of such texts."""
    texts = folder / "claims" / "texts"
    replace_bytes(content_path(texts, HERALD_EDITION), HERALD_TEXT.encode())
    return texts

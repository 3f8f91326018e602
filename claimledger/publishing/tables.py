"""Define the tables of `ledger.db`: the source of the schema, the CSV headers and the documentation.

`TABLES` lists for each table its row type, key, facets and indexes. Every column has a meaning in English and Korean. A
change of any of it needs a new `TABLES_FORMAT`.
"""

from __future__ import annotations

from claimledger.publishing.alias_rows import AliasNameRow, AliasRow
from claimledger.publishing.columns import Table
from claimledger.publishing.bookkeeping_rows import (
    CorrectionTimeRow, FactFigureRow, FrontierRow, SilentEditRow, StatusChangeRow, TableSumRow, TallyRow,
)  # fmt: skip
from claimledger.publishing.change_rows import CorrectionRow, HistoryRow
from claimledger.publishing.earlier_check_rows import EarlierCheckRow
from claimledger.publishing.rows import (
    AboutRow, AppearanceRow, ArticleRow, ClaimRow, DocumentRow, EditionRow, EditionTextRow, EvidenceRow,
    FindingRow, QuantityRow, RelationRow, RevisionRow, SourceRow, SpeakerRow, TopicRow, VerdictRow, VocabularyRow,
)  # fmt: skip

TABLES_FORMAT = 19
"""The version of the tables and their rows. A file with another version is stale."""

CLAIMS = Table(
    "claims",
    ClaimRow,
    key=("claim_id",),
    facets=("verification_status", "kind", "speaker", "speaker_organization", "attribution", "currency"),
    array_facets=("topics",),
    filters=("verification_status", "kind", "attribution"),
    indexes=(
        ("last_recorded_at",),
        ("speaker_is_anonymous",),
        ("verification_status", "first_recorded_at"),
        ("attribution_status", "record_state"),
    ),
    sort_desc="last_recorded_at",
    search_index="claims_fts",
    has_row_numbers=True,
)
QUANTITIES = Table(
    "quantities",
    QuantityRow,
    key=("claim_id", "position"),
    facets=("currency", "unit", "comparator"),
    indexes=(("fact_en",), ("fact_ko",)),
)
TOPICS = Table(
    "topics", TopicRow, key=("claim_id", "topic"), facets=("topic",), indexes=(("topic", "verification_status"),)
)
APPEARANCES = Table(
    "appearances", AppearanceRow, key=("claim_id", "edition_sha256", "place"), facets=("article",),
    indexes=(("edition_sha256", "start", "end"),),
)  # fmt: skip
VERDICTS = Table("verdicts", VerdictRow, key=("claim_id", "question"), facets=("question", "value"))
EVIDENCE = Table("evidence", EvidenceRow, key=("claim_id", "position"), facets=("stance",))
RELATIONS = Table("relations", RelationRow, key=("claim_id", "position"), facets=("relation",))
DOCUMENTS = Table("documents", DocumentRow, key=("document_id",), facets=("medium", "tier", "captured"), label="title")
FINDINGS = Table("findings", FindingRow, key=("claim_id", "position"), facets=("severity", "code", "is_waived"))
CORRECTIONS = Table("corrections", CorrectionRow, key=("id",), facets=("kind", "field"), sort_desc="id")
HISTORY = Table("history", HistoryRow, key=("id",), facets=("subject", "kind", "actor"), sort_desc="id")
ARTICLES = Table("articles", ArticleRow, key=("article",), facets=("publisher",), label="headline")
EDITIONS = Table("editions", EditionRow, key=("article", "edition_sha256"))
EDITION_TEXTS = Table("edition_texts", EditionTextRow, key=("article", "edition_sha256"), rows_shown=10)
SPEAKERS = Table(
    "speakers", SpeakerRow, key=("speaker",), facets=("kind",), indexes=(("claim_count",),), sort_desc="claim_count"
)
SOURCES = Table("sources", SourceRow, key=("source",), facets=("kind",))
ALIAS = Table("alias", AliasRow, key=("alias_id",), facets=("kind",))
ALIAS_NAME = Table("alias_name", AliasNameRow, key=("alias_id", "position"), indexes=(("search_key",),))
EARLIER_CHECKS = Table(
    "earlier_checks",
    EarlierCheckRow,
    key=("earlier_check_id",),
    facets=("publisher", "rating", "language", "import_id"),
    filters=("publisher",),
    indexes=(("checked_on",), ("publisher", "checked_on"), ("rating", "checked_on"), ("language", "checked_on")),
    label="claim",
    search_index="earlier_checks_fts",
    has_row_numbers=True,
)
REVISION = Table(
    "revision", RevisionRow, key=("number",), facets=("subject", "kind", "actor"),
    indexes=(("subject", "key", "revision"), ("subject", "kind")), sort_desc="number",
)  # fmt: skip
VOCABULARY = Table("vocabulary", VocabularyRow, key=("vocabulary", "value"), facets=("vocabulary",))
ABOUT = Table("about", AboutRow, key=("name",))

TABLES: tuple[Table, ...] = (
    CLAIMS, QUANTITIES, TOPICS, APPEARANCES, VERDICTS, EVIDENCE, RELATIONS, DOCUMENTS, FINDINGS, CORRECTIONS, HISTORY,
    ARTICLES, EDITIONS, EDITION_TEXTS, SPEAKERS, SOURCES, ALIAS, ALIAS_NAME, EARLIER_CHECKS, REVISION, VOCABULARY,
    ABOUT,
)  # fmt: skip
"""Every table that readers browse, in the order of the documentation."""

TALLIES = Table("tallies", TallyRow, key=("name", "key", "text"))
STATUS_CHANGES = Table("status_changes", StatusChangeRow, key=("number", "status"))
CORRECTION_TIMES = Table("correction_times", CorrectionTimeRow, key=("number",), indexes=(("milliseconds",),))
SILENT_EDITS = Table("silent_edits", SilentEditRow, key=("claim_id", "revision"))
FACT_FIGURES = Table("fact_figures", FactFigureRow, key=("fact", "number", "position"))
TABLE_SUMS = Table("table_sums", TableSumRow, key=("name",))
LOG_FRONTIER = Table("log_frontier", FrontierRow, key=("level",))

BOOKKEEPING: tuple[Table, ...] = (
    TALLIES, STATUS_CHANGES, CORRECTION_TIMES, SILENT_EDITS, FACT_FIGURES, TABLE_SUMS, LOG_FRONTIER,
)  # fmt: skip
"""The tables that make a change cheap: counts and sums that are kept while rows change. Readers do not browse them."""

SEARCHED_TABLES: tuple[Table, ...] = tuple(table for table in TABLES if table.search_index)
"""The tables with a full-text index."""
SEARCH_INDEX = CLAIMS.search_index
"""The full-text index of the claims."""
CHECK_INDEX = EARLIER_CHECKS.search_index
"""The full-text index of the earlier checks. It contains their look-up keys too."""

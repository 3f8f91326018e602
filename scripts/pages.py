"""Generate the text of files: JSON Schemas and metadata.yml, and the cog blocks of documentation pages.

`scripts/docs` writes or compares the texts. To generate another file, add it to `FILES`. To generate part of a page,
add a cog block to the page that calls a function of this module.
"""

import json
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import timedelta
from functools import cache
from pathlib import Path

import click
import cogapp
from pydantic import BaseModel

from claimledger.accounts import credential_rules
from claimledger import agreement, consistency, desk_vocabulary, vocabulary, workflow
from claimledger.datasette_plugin.public_pages.routes import PAGES
from claimledger.foreign_reviews import IMPORT_NOTE_CODES as REVIEW_CODES
from claimledger.ledger import log, printing
from claimledger.accounts.credentials import VALIDITIES, CredentialKind
from claimledger.ledger.text_form import ArticleFile, ClaimFile, DocumentFile
from claimledger.messages import message_table
from claimledger.models import Claim, Document, Revision
from claimledger.publishing.claim_review import PUBLISHED_VERDICTS, CLAIM_REVIEW_SCALE
from claimledger.publishing.exports import COLUMN_TYPES
from claimledger.publishing.metadata import metadata_text, environment_variable
from claimledger.sheets.sheet_columns import SHEET_COLUMNS, ColumnUse
from claimledger.publishing.site import SETTINGS
from claimledger.publishing.tables import TABLES
from claimledger.verdicts.scales import RATING_SCALES, SCALE_TABLE, Scale
from claimledger.desk_vocabulary import CheckStage, RecordStage, Role
from claimledger.scalars import STORED
from claimledger.vocabulary import CorrectionKind, Question, SeenExtent, Tier, VerdictValue, VerificationStatus
from claimledger.verdicts.answers import definition, labelled_verdict

ROOT = Path(__file__).resolve().parent.parent
HELP_WIDTH = 100


def schema(model: type[BaseModel], comment: str) -> str:
    """Return the JSON Schema (draft 2020-12) of what a model reads."""
    text = {"$schema": "https://json-schema.org/draft/2020-12/schema", "$comment": comment, **model.model_json_schema()}
    return json.dumps(text, ensure_ascii=False, indent=2) + "\n"


FILES: Mapping[str, Callable[[], str]] = {
    "docs/schema/article-file.schema.json": lambda: schema(ArticleFile, "claims/<article>/article.yaml"),
    "docs/schema/claim-file.schema.json": lambda: schema(ClaimFile, "claims/<article>/<claim_id>.yaml"),
    "docs/schema/document-file.schema.json": lambda: schema(DocumentFile, "claims/documents/<document_id>.yaml"),
    "docs/schema/log-body.schema.json": lambda: schema(Revision, "One line of claims/log/*.jsonl"),
    "metadata.yml": metadata_text,
}
"""Every generated file by its path, with the function that generates its text."""


def verifier_with_schema(written: str) -> str:
    """Return the verifier of a log with the schema of a body in its line."""
    compact = json.dumps(_without_prose(Revision.model_json_schema()), ensure_ascii=False, separators=(",", ":"))
    line = f'SCHEMA: dict[str, Any] = json.loads(\n    r"""{compact}"""\n)\n'
    return re.sub(r"^SCHEMA: .*?^\)\n", lambda _: line, written, flags=re.MULTILINE | re.DOTALL)


def _without_prose(schema: object, *, is_names: bool = False) -> object:
    """Return a schema without titles, descriptions and defaults; names of members stay, whatever they are."""
    if isinstance(schema, dict):
        kept = schema if is_names else {name: part for name, part in schema.items() if name not in _PROSE}
        return {name: _without_prose(part, is_names=name in _NAMES) for name, part in kept.items()}
    return [_without_prose(part) for part in schema] if isinstance(schema, list) else schema


_PROSE = frozenset({"title", "description", "default", "discriminator"})
_NAMES = frozenset({"properties", "patternProperties", "$defs"})


def texts(root: Path = ROOT) -> Iterator[tuple[Path, str]]:
    """Yield the path and the expected text of each generated file."""
    yield from ((root / name, text()) for name, text in FILES.items())
    verifier = root / "claimledger" / "verify_log.py"
    if verifier.is_file():
        yield verifier, verifier_with_schema(verifier.read_text(encoding="utf-8"))
    for page in [*root.glob("*.md"), *sorted((root / "docs").rglob("*.md"))]:
        written = page.read_text(encoding="utf-8")
        if "[[[cog" in written:
            yield page, cogapp.Cog().process_string(written, str(page))


def vocabulary_tables() -> str:
    """Return every vocabulary as Markdown: its meaning and a table of its values."""
    tables = [_vocabulary_table(terms) for terms in vocabulary.VOCABULARIES]
    tables += [_definition_table(question) for question in Question]
    return "\n".join([*tables, *(_vocabulary_table(terms) for terms in desk_vocabulary.DESK_VOCABULARIES)])


def _vocabulary_table(terms: type[vocabulary.Term]) -> str:
    words = "".join(f"| `{term.value}` | {term.label_en} | {term.label_ko} |\n" for term in terms)
    return f"## {terms.__name__}\n\n{terms.__doc__}\n\n| value | English | 한국어 |\n| --- | --- | --- |\n{words}"


def checked(article_id: str) -> str:
    """Return the state of an article's checks as Markdown: verdicts, documents, and claims without a verdict."""
    records = [revision.record for _, revision in printing.newest_records(log.read_log(ROOT / "claims" / "log"))]
    claims = [one for one in records if isinstance(one, Claim) and one.article_id == article_id]
    cited = {evidence.document_id for claim in claims for evidence in claim.evidence}
    tiers = Counter(one.tier for one in records if isinstance(one, Document) and one.document_id in cited)
    answers = Counter((question, claim.verdict_on(question)) for claim in claims for question in Question)
    rows = "".join(
        f"| `{value}` | {answers[Question.SO, value]} | {answers[Question.SAID, value]} |\n" for value in VerdictValue
    )
    found = ", ".join(f"{tier.label_en.lower()}: {tiers[tier]}" for tier in Tier)
    nothing = [
        claim.claim_id
        for claim in claims
        if not claim.evidence and claim.verdict_on(Question.SO) is VerdictValue.NOT_ENOUGH_EVIDENCE
    ]
    return (
        f"The article has {len(claims)} claims; {sum(bool(claim.evidence) for claim in claims)} have evidence, "
        f"from {len(cited)} documents ({found}).\n\n"
        f"| verdict | Is it true? | Was it really said? |\n| --- | ---: | ---: |\n{rows}\n"
        "We searched and found no document on these claims (`not_enough_evidence` without evidence):\n\n"
        + "".join(f"- `{name}`\n" for name in nothing)
    )


def opened_again(article_id: str, first_round: str) -> str:
    """Return, as Markdown, which of an article's documents were opened again after the month of the first round."""
    entries = [revision for _, revision in printing.newest_records(log.read_log(ROOT / "claims" / "log"))]
    claims = [one.record for one in entries if isinstance(one.record, Claim) and one.record.article_id == article_id]
    cited = {evidence.document_id for claim in claims for evidence in claim.evidence}
    documents = [one.record for one in entries if isinstance(one.record, Document) and one.key in cited]
    known = {one.key for one in _month_revisions(first_round) if isinstance(one.record, Document)}
    again = [one for one in documents if one.document_id in known and one.opened_on]
    passages = sum(bool(evidence.passage) for claim in claims for evidence in claim.evidence)
    rows = {
        "documents of the first round": len(known),
        "of these opened again": len(again),
        "of these not opened again": len(known) - len(again),
        "new documents": len(documents) - len(known),
        "documents read whole": sum(one.extent_seen is SeenExtent.WHOLE for one in documents),
        "documents with a date": sum(bool(one.published_on) for one in documents),
        "pieces of evidence with the place of the passage": passages,
    }
    return "| documents | number |\n| --- | ---: |\n" + "".join(f"| {what} | {rows[what]} |\n" for what in rows)


def corrections_by_kind(month: str) -> str:
    """Return, as Markdown, the corrections that the log has of a month, such as 2026-12, by kind."""
    kinds = Counter(one.correction.kind for one in _month_revisions(month) if one.correction)
    rows = "".join(f"| {kind.label_en} | {kinds[kind]} |\n" for kind in CorrectionKind)
    return f"| correction | number |\n| --- | ---: |\n{rows}"


@cache
def _month_revisions(month: str) -> tuple[Revision, ...]:
    entries = log.read_log(ROOT / "claims" / "log")
    revisions = (Revision.model_validate_json(one.body, context=STORED) for one in entries)
    return tuple(one for one in revisions if one.recorded_at.startswith(month))


def account_rules() -> str:
    """Return the rules for accounts as a Markdown table, from the constants in the code."""
    hasher, limit, session = credential_rules.HASHER, credential_rules.NAME_LIMIT, VALIDITIES[CredentialKind.SESSION]
    shortest, longest = credential_rules.MIN_PASSWORD, credential_rules.MAX_PASSWORD
    rows = {
        "password": f"{shortest} to {longest} code points, counted in NFKC",
        "password hash": f"argon2id: {hasher.memory_cost // 1024} MiB, {hasher.time_cost} passes, "
        f"{hasher.parallelism} lanes",
        "one-time link": f"works once, for {_span(credential_rules.LINK_LASTS)}; "
        f"the first administrator's link for {_span(credential_rules.FIRST_LINK_LASTS)}",
        "session": f"ends after {_span(session.idle_time)} without a request, "
        f"at the latest after {_span(session.lifetime)}; "
        f"its use is recorded at most once per {_span(session.use_recorded_every)}",
        "command-line token": "works until it is revoked; "
        f"its use is recorded at most once per {_span(VALIDITIES[CredentialKind.CLI_TOKEN].use_recorded_every)}",
        "failed sign-ins": f"after {limit.failures} in a row for one name, or "
        f"{credential_rules.ADDRESS_LIMIT.failures} from one address, "
        f"a wait of {_span(limit.first_wait)}; each further failure doubles it, up to {_span(limit.longest_wait)}; "
        f"failures are forgotten {_span(limit.forgotten_after)} after the wait",
    }
    return "| subject | rule |\n| --- | --- |\n" + "".join(f"| {what} | {rule} |\n" for what, rule in rows.items())


def _span(time: timedelta | None) -> str:
    """Return a duration in the largest unit of which it is a whole number.

    >>> _span(timedelta(hours=12)), _span(timedelta(days=1))
    ('12 hours', '1 day')
    """
    seconds = int(time.total_seconds()) if time else 0
    units = {"day": 86_400, "hour": 3_600, "minute": 60, "second": 1}
    unit, length = next((unit, length) for unit, length in units.items() if seconds % length == 0)
    return f"{seconds // length} {unit}{'' if seconds == length else 's'}"


def agreement_codes() -> str:
    """Return the codes of the agreement checks as a Markdown table: meaning in English and Korean, and advice."""
    rows = "".join(
        f"| `{code}` | {meaning.en}<br>{meaning.ko} | {_advice(code)} |\n"
        for code, meaning in agreement.AGREEMENT_CODES.items()
    )
    return f"| code | problem | what to do |\n| --- | --- | --- |\n{rows}"


def _advice(code: str) -> str:
    """Return the advice of a code in English and Korean."""
    row = next(row for key, row in message_table().items() if key.partition("/")[0] == code)
    return f"{row.do_en}<br>{row.do_ko}"


def computed_codes() -> str:
    """Return the codes of the automatic checks as a Markdown table: severity, meaning and advice in both languages."""
    rows = "".join(
        f"| `{code}` | {meaning.severity.label_en}<br>{meaning.severity.label_ko} | {meaning.en}<br>{meaning.ko} "
        f"| {_advice(code)} |\n"
        for code, meaning in consistency.FINDING_CODES.items()
    )
    return f"| code | severity | result | what to do |\n| --- | --- | --- | --- |\n{rows}"


def review_table() -> str:
    """Return the workflow actions on a claim as a Markdown table: roles, stages and requirements."""
    on_claims = {action: [stage for stage in act.records if stage] for action, act in workflow.ACTION_RULES.items()}
    rows = (
        f"| `{action}`<br>{action.label_ko} | {_any_of(act.roles, Role)} | {_any_of(on_claims[action], RecordStage)} "
        f"| {_any_of(act.checks, CheckStage)} | {_demands(act)} |\n"
        for action, act in workflow.ACTION_RULES.items()
        if on_claims[action]
    )
    return f"| action | role | record | check | other conditions |\n| --- | --- | --- | --- | --- |\n{''.join(rows)}"


def other_acts() -> str:
    """Return the workflow actions that do not concern a claim as a Markdown table."""
    rows = (
        f"| `{action}`<br>{action.label_en}<br>{action.label_ko} | {_any_of(act.roles, Role)} "
        f"| {act.report.label_en if act.report else '–'} | {_demands(act)} |\n"
        for action, act in workflow.ACTION_RULES.items()
        if None in act.records
    )
    return f"| action | role | report | other conditions |\n| --- | --- | --- | --- |\n{''.join(rows)}"


def _any_of(terms: Collection[vocabulary.Term], all_terms: type[vocabulary.Term]) -> str:
    """Return the labels of some values of a vocabulary joined by "or", in its order, or "any" for all."""
    return "any" if len(terms) == len(all_terms) else " or ".join(term.label_en for term in all_terms if term in terms)


def _demands(act: workflow.ActionRule) -> str:
    return "<br>".join(demand.value for demand in workflow.Demand if demand in act.demands) or "–"


def scale_tables() -> str:
    """Return the rating scales as Markdown: the rating of each verdict, and the verdict of each rating."""
    names = " | ".join(f"{scale.name['en']}<br>{scale.name['ko']}" for scale in RATING_SCALES.values())
    published = "".join(
        f"| `{verdict}`<br>{verdict.label_ko} | "
        f"{' | '.join(_rating(scale, verdict) for scale in RATING_SCALES.values())} |\n"
        for verdict in VerdictValue
    )
    read = "".join(
        f"| {scale.name['en']} | {rating.label} | {'' if rating.exact else '≈ '}`{rating.verdict}` |\n"
        for scale in RATING_SCALES.values()
        for rating in scale.ratings
    )
    return (
        f"Version {SCALE_TABLE.version}, valid from {SCALE_TABLE.valid_from}. Our verdicts on the scales of others:\n\n"
        f"| verdict | {names} |\n|{' --- |' * (len(RATING_SCALES) + 1)}\n{published}\n"
        f"Ratings of others as our verdicts:\n\n| scale | rating | nearest verdict |\n| --- | --- | --- |\n{read}"
    )


def _rating(scale: Scale, verdict: VerdictValue) -> str:
    rating = scale.rating_for_verdict(verdict)
    if rating is None:
        return "–"
    number = f"{rating.value} " if rating.value else ""
    return f"{'' if rating.exact else '≈ '}{number}{rating.label}"


TAKEN_IN: Mapping[ColumnUse, str] = {
    ColumnUse.KEY: "key",
    ColumnUse.SHOWN: "shown",
    ColumnUse.BESIDE: "for reading",
    ColumnUse.MERGED: "merged",
    ColumnUse.ADDED: "new",
}
"""The label for each use of a review sheet's column when the sheet is imported."""


def review_columns() -> str:
    """Return the columns of a review sheet as a Markdown table."""
    rows = (
        f"| `{column.name}` | {TAKEN_IN[column.use]} | {column.meaning.english} | {column.meaning.korean} |\n"
        for column in SHEET_COLUMNS
    )
    return f"| column | import | English | 한국어 |\n|---|---|---|---|\n{''.join(rows)}"


def column_sorts() -> str:
    """Return the type of each kind of column in each format as a Markdown table."""
    rows = "".join(f"| `{sort.sql}` | {sort.json} | {sort.parquet} | {sort.xlsx} |\n" for sort in COLUMN_TYPES.values())
    return f"| `ledger.db` | JSON, JSON Lines | Parquet | XLSX |\n|---|---|---|---|\n{rows}"


def tables_and_columns() -> str:
    """Return every table of the ledger with its columns as Markdown."""
    return "\n".join(
        f"### `{table.name}`\n\n{table.meaning.english} · {table.meaning.korean}\n\n"
        "| column | type | English | 한국어 |\n|---|---|---|---|\n"
        + "".join(
            f"| `{column.name}` | `{COLUMN_TYPES[column.kind].sql}` | "
            f"{column.meaning.english} | {column.meaning.korean} |\n"
            for column in table.columns
        )
        for table in TABLES
    )


def addresses() -> str:
    """Return the addresses of the public pages with their meaning as a Markdown table."""
    routes = [route for route in PAGES if route.address]
    rows = (f"| `{route.address}` | {route.meaning.english} | {route.meaning.korean} |" for route in routes)
    return "\n".join(["| address | content | 한국어 |", "|---|---|---|", *rows])


def settings() -> str:
    """Return the settings of a served ledger with their environment variables as a Markdown table."""
    rows = (
        f"| `{name}` | `{environment_variable(name)}` | {said.english} | {said.korean} |"
        for name, said in SETTINGS.items()
    )
    return "\n".join(["| setting | variable | English | 한국어 |", "|---|---|---|---|", *rows])


def review_codes() -> str:
    """Return the codes of the ClaimReview importer as a Markdown table."""
    rows = "".join(
        f"| `{code}` | {meaning.handling.label_en} · {meaning.handling.label_ko} | {meaning.en}<br>{meaning.ko} |\n"
        for code, meaning in REVIEW_CODES.items()
    )
    return f"| code | result | problem |\n|---|---|---|\n{rows}"


def rating_scale() -> str:
    """Return the ClaimReview rating of each verdict as a Markdown table."""
    rows = "".join(
        f"| `{verdict}` | {verdict.label_en} · {verdict.label_ko} | {_rated(verdict)} |\n" for verdict in VerdictValue
    )
    return f"| verdict on `so` | `alternateName` | `ratingValue` |\n|---|---|---|\n{rows}"


def _rated(verdict: VerdictValue) -> str:
    rating = CLAIM_REVIEW_SCALE.rating_for_verdict(verdict)
    return f"{rating.value} of 1–5" if rating else "no number" if verdict in PUBLISHED_VERDICTS else "no ClaimReview"


def command_reference(name: str, command: click.Command) -> str:
    """Return the help of a command and its subcommands as Markdown."""
    contexts = _contexts(name, command, None)
    return "\n".join(f"## {here.command_path}\n\n```text\n{here.get_help()}\n```\n" for here in contexts)


def _contexts(name: str, command: click.Command, parent: click.Context | None) -> Iterator[click.Context]:
    widths = {"terminal_width": HELP_WIDTH, "max_content_width": HELP_WIDTH}
    here = click.Context(command, info_name=name, parent=parent, **{**command.context_settings, **widths})
    yield here
    if isinstance(command, click.Group):
        for below in command.list_commands(here):
            yield from _contexts(below, command.commands[below], here)


def _definition_table(question: Question) -> str:
    """Return the labels and meanings of the verdicts on a question as a Markdown table."""
    terms = [(status, labelled_verdict(question, status)) for status in VerificationStatus]
    rows = "".join(
        f"| {term.label_en} | {definition(question, status)['en']} | {term.label_ko} | "
        f"{definition(question, status)['ko']} |\n"
        for status, term in terms
    )
    head = "| English | meaning | 한국어 | 뜻 |\n| --- | --- | --- | --- |\n"
    return f"## {question.label_en} · {question.label_ko}\n\n{head}{rows}"

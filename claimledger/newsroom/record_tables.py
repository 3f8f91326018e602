"""The tables of `desk.db` that contain what people did: drafts, publications, texts, acts, evidence, reports, accounts.

Almost all are append-only: triggers refuse changes and deletions, and a row must get the next number or a new key.
"""

from __future__ import annotations

_NO_UPDATE = (
    "CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} BEGIN SELECT RAISE(ABORT, '{table}: append-only'); END"
)
_NO_DELETE = (
    "CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} BEGIN SELECT RAISE(ABORT, '{table}: append-only'); END"
)
_NEXT_NUMBER = """CREATE TRIGGER {table}_next BEFORE INSERT ON {table} BEGIN
  SELECT RAISE(ABORT, '{table}: append-only, the next number is demanded')
  WHERE new.{column} IS NOT (SELECT coalesce(max({column}), 0) + 1 FROM {table});{more}
END"""
_NEW_KEY = """CREATE TRIGGER {table}_once BEFORE INSERT ON {table} BEGIN
  SELECT RAISE(ABORT, '{table}: append-only, it stands here already')
  WHERE EXISTS (SELECT 1 FROM {table} WHERE {column} = new.{column});
END"""


def protection_triggers(table: str) -> tuple[str, ...]:
    """Return the triggers that keep the rows of a table unchanged."""
    return _NO_UPDATE.format(table=table), _NO_DELETE.format(table=table)


def numbering_triggers(table: str, column: str, more: str = "") -> tuple[str, ...]:
    """Return the triggers of an append-only table whose rows are numbered from 1; `more` adds a condition."""
    return _NEXT_NUMBER.format(table=table, column=column, more=more), *protection_triggers(table)


def key_triggers(table: str, column: str) -> tuple[str, ...]:
    """Return the triggers of an append-only table with one row for each key."""
    return _NEW_KEY.format(table=table, column=column), *protection_triggers(table)


DRAFTS = (
    """CREATE TABLE draft(
  draft_id INTEGER PRIMARY KEY,
  subject TEXT NOT NULL,
  key TEXT NOT NULL,
  base_sha256 TEXT,
  kind TEXT NOT NULL,
  author TEXT NOT NULL,
  reason TEXT NOT NULL CHECK (length(trim(reason)) > 0),
  recorded_at TEXT NOT NULL,
  record TEXT NOT NULL CHECK (json_valid(record)),
  correction TEXT CHECK (correction IS NULL OR json_valid(correction))
) STRICT""",
    "CREATE INDEX draft_of ON draft(key, subject, draft_id)",
    "CREATE INDEX draft_address ON draft(json_extract(record, '$.address')) WHERE subject = 'document'",
    *numbering_triggers("draft", "draft_id"),
)
"""The private versions of records."""

PUBLICATIONS = (
    """CREATE TABLE publication(
  number INTEGER PRIMARY KEY,
  sha256 TEXT NOT NULL,
  subject TEXT NOT NULL,
  key TEXT NOT NULL,
  revision INTEGER NOT NULL,
  body TEXT NOT NULL,
  draft_id INTEGER REFERENCES draft(draft_id),
  UNIQUE (key, subject, revision)
) STRICT""",
    """CREATE INDEX publication_address ON publication(json_extract(body, '$.record.address'))
WHERE subject = 'document'""",
    *numbering_triggers(
        "publication",
        "number",
        """
  SELECT RAISE(ABORT, 'publication: append-only, the next revision is demanded')
  WHERE new.revision IS NOT (
    SELECT coalesce(max(revision), 0) + 1 FROM publication WHERE key = new.key AND subject = new.subject);""",
    ),
)
"""The public revisions, as the log has them."""

ARTICLE_TABLES = (
    """CREATE TABLE text(
  edition_sha256 TEXT PRIMARY KEY,
  article_id TEXT NOT NULL,
  content BLOB NOT NULL,
  origin TEXT NOT NULL,
  author TEXT NOT NULL,
  recorded_at TEXT NOT NULL
) STRICT""",
    *key_triggers("text", "edition_sha256"),
    """CREATE TABLE decision(
  decision_id INTEGER PRIMARY KEY,
  article_id TEXT NOT NULL,
  edition_sha256 TEXT NOT NULL,
  decided TEXT NOT NULL CHECK (decided IN ('accepted', 'dismissed', 'reopened', 'left_out')),
  quote_sha256 TEXT NOT NULL,
  position TEXT NOT NULL CHECK (json_valid(position)),
  quote TEXT NOT NULL CHECK (json_valid(quote)),
  claim_id TEXT,
  reason TEXT NOT NULL CHECK (length(trim(reason)) > 0),
  author TEXT NOT NULL,
  recorded_at TEXT NOT NULL
) STRICT""",
    "CREATE INDEX decision_of ON decision(article_id, decision_id)",
    *numbering_triggers("decision", "decision_id"),
)
"""The texts of articles, and the decisions on their passages."""

ACTS = (
    """CREATE TABLE act(
  act_id INTEGER PRIMARY KEY,
  action TEXT NOT NULL,
  claim_id TEXT NOT NULL,
  question TEXT,
  actor TEXT NOT NULL,
  reason TEXT NOT NULL,
  draft_id INTEGER REFERENCES draft(draft_id),
  detail TEXT NOT NULL CHECK (json_valid(detail)),
  recorded_at TEXT NOT NULL
) STRICT""",
    "CREATE INDEX act_on ON act(claim_id, act_id)",
    *numbering_triggers("act", "act_id"),
)
"""The workflow's acts on claims: assignments, queries, comments, approvals and others."""

EVIDENCE_TABLES = (
    """CREATE TABLE capture(
  capture_id INTEGER PRIMARY KEY,
  document_id TEXT NOT NULL,
  name TEXT NOT NULL,
  final_address TEXT,
  status INTEGER,
  headers TEXT NOT NULL CHECK (json_valid(headers)),
  redirects TEXT NOT NULL CHECK (json_valid(redirects)),
  media_type TEXT,
  size INTEGER NOT NULL CHECK (size > 0),
  content_sha256 TEXT NOT NULL,
  text_sha256 TEXT,
  warc_sha256 TEXT,
  fetched_at TEXT NOT NULL,
  author TEXT NOT NULL,
  recorded_at TEXT NOT NULL
) STRICT""",
    "CREATE INDEX capture_of ON capture(document_id, capture_id)",
    *numbering_triggers("capture", "capture_id"),
    """CREATE TABLE excerpt(
  excerpt_id INTEGER PRIMARY KEY,
  claim_id TEXT NOT NULL,
  document_id TEXT NOT NULL,
  capture_id INTEGER REFERENCES capture(capture_id),
  exact TEXT NOT NULL CHECK (length(exact) > 0),
  position TEXT CHECK (position IS NULL OR json_valid(position)),
  quote TEXT CHECK (quote IS NULL OR json_valid(quote)),
  author TEXT NOT NULL,
  recorded_at TEXT NOT NULL
) STRICT""",
    "CREATE INDEX excerpt_of ON excerpt(document_id, claim_id)",
    *numbering_triggers("excerpt", "excerpt_id"),
    """CREATE TABLE withheld(
  document_id TEXT PRIMARY KEY,
  document TEXT NOT NULL CHECK (json_valid(document)),
  author TEXT NOT NULL,
  recorded_at TEXT NOT NULL
) STRICT""",
    "CREATE INDEX withheld_address ON withheld(json_extract(document, '$.address'))",
    *key_triggers("withheld", "document_id"),
    """CREATE TABLE saving(
  saving_id INTEGER PRIMARY KEY,
  capture_id INTEGER NOT NULL REFERENCES capture(capture_id),
  claim_id TEXT NOT NULL,
  author TEXT NOT NULL,
  recorded_at TEXT NOT NULL
) STRICT""",
    "CREATE INDEX saving_of ON saving(capture_id, saving_id)",
    *numbering_triggers("saving", "saving_id"),
)
"""Fetched documents, the excerpts that claims rely on, confidential documents, and who downloaded one."""

REVIEWS = (
    """CREATE TABLE foreign_review(
  review_id INTEGER PRIMARY KEY,
  url TEXT NOT NULL,
  publisher TEXT NOT NULL,
  claim_text TEXT NOT NULL,
  claimant TEXT,
  rating TEXT NOT NULL,
  reviewed_on TEXT,
  language TEXT,
  title TEXT,
  author TEXT NOT NULL,
  recorded_at TEXT NOT NULL
) STRICT""",
    "CREATE INDEX foreign_review_of ON foreign_review(url, claim_text, review_id)",
    *numbering_triggers("foreign_review", "review_id"),
    """CREATE TABLE claim_review(
  review_id INTEGER PRIMARY KEY,
  review_sha256 TEXT NOT NULL UNIQUE,
  record TEXT NOT NULL CHECK (json_valid(record)),
  origin TEXT NOT NULL,
  author TEXT NOT NULL,
  recorded_at TEXT NOT NULL
) STRICT""",
    *numbering_triggers(
        "claim_review",
        "review_id",
        """
  SELECT RAISE(ABORT, 'claim_review: append-only, it stands here already')
  WHERE EXISTS (SELECT 1 FROM claim_review WHERE review_sha256 = new.review_sha256);""",
    ),
)
"""Reviews by other publishers, and whole imported ClaimReview records."""

REPORTS = (
    """CREATE TABLE report(
  report_id INTEGER PRIMARY KEY,
  claim_id TEXT NOT NULL,
  text TEXT NOT NULL CHECK (length(text) BETWEEN 1 AND 4000),
  recorded_at TEXT NOT NULL
) STRICT""",
    "CREATE INDEX report_at ON report(recorded_at)",
    "CREATE INDEX report_of ON report(claim_id)",
    *numbering_triggers("report", "report_id"),
    """CREATE TABLE report_contact(
  report_id INTEGER PRIMARY KEY REFERENCES report(report_id),
  contact TEXT NOT NULL CHECK (length(contact) BETWEEN 1 AND 200)
) STRICT""",
    """CREATE TABLE report_event(
  event_id INTEGER PRIMARY KEY,
  report_id INTEGER NOT NULL REFERENCES report(report_id),
  event TEXT NOT NULL CHECK (event IN ('closed', 'opened')),
  reason TEXT NOT NULL CHECK (length(trim(reason)) > 0),
  author TEXT NOT NULL,
  recorded_at TEXT NOT NULL
) STRICT""",
    "CREATE INDEX report_event_of ON report_event(report_id, event_id)",
    *numbering_triggers("report_event", "event_id"),
    "CREATE TABLE report_flagged(report_id INTEGER PRIMARY KEY REFERENCES report(report_id)) STRICT",
    *protection_triggers("report_flagged"),
)
"""Readers' reports of errors. The contact can be deleted; a flagged report filled in a hidden form field."""

PEOPLE = (
    """CREATE TABLE person_version(
  version_id INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  shown_name TEXT NOT NULL,
  roles TEXT NOT NULL CHECK (json_valid(roles)),
  language TEXT NOT NULL,
  is_active INTEGER NOT NULL CHECK (is_active IN (0, 1)),
  author TEXT NOT NULL,
  recorded_at TEXT NOT NULL
) STRICT""",
    "CREATE INDEX person_version_of ON person_version(name, version_id)",
    *numbering_triggers("person_version", "version_id"),
    """CREATE TABLE account_event(
  event_id INTEGER PRIMARY KEY,
  event TEXT NOT NULL,
  name TEXT NOT NULL CHECK (length(name) <= 40),
  author TEXT,
  client_address TEXT CHECK (length(client_address) <= 64),
  user_agent TEXT CHECK (length(user_agent) <= 200),
  recorded_at TEXT NOT NULL
) STRICT""",
    "CREATE INDEX account_event_of ON account_event(name, event_id)",
    *numbering_triggers("account_event", "event_id"),
    """CREATE TABLE password(
  name TEXT PRIMARY KEY,
  hash TEXT NOT NULL,
  set_at TEXT NOT NULL
) STRICT""",
    """CREATE TABLE credential(
  token_sha256 TEXT PRIMARY KEY,
  kind TEXT NOT NULL CHECK (kind IN ('link', 'session', 'cli_token')),
  name TEXT NOT NULL,
  label TEXT NOT NULL,
  author TEXT NOT NULL,
  issued_at TEXT NOT NULL,
  expires_at TEXT,
  used_at TEXT
) STRICT""",
    "CREATE INDEX credential_of ON credential(name, kind)",
    """CREATE TABLE throttle(
  key TEXT PRIMARY KEY,
  failure_count INTEGER NOT NULL CHECK (failure_count > 0),
  last_failed_at TEXT NOT NULL,
  is_noted INTEGER NOT NULL CHECK (is_noted IN (0, 1))
) STRICT""",
)
"""People and their accounts; passwords, credentials and failed sign-ins are changed in place."""

EARLIER_PEOPLE = (
    """CREATE TABLE earlier_people(
  name TEXT PRIMARY KEY,
  recorded_at TEXT NOT NULL
) STRICT""",
    *key_triggers("earlier_people", "name"),
    """INSERT INTO earlier_people SELECT name, strftime('%Y-%m-%dT%H:%M:%fZ', 'now') FROM (
  SELECT json_extract(body, '$.approver') AS name FROM publication
  UNION SELECT author.value FROM publication, json_each(publication.body, '$.authors') AS author
) WHERE name NOT IN (SELECT name FROM person_version)""",
)
"""The names in the log that are older than the desk's list of people. An older store gets those it published."""

PERSON_ADDRESSES = (
    """CREATE TABLE person_address(
  change_id INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  address TEXT NOT NULL CHECK (length(address) <= 254),
  author TEXT NOT NULL,
  recorded_at TEXT NOT NULL
) STRICT""",
    "CREATE INDEX person_address_of ON person_address(name, change_id)",
    *numbering_triggers("person_address", "change_id"),
)
"""The e-mail addresses of people, with every earlier one; an empty address means that it was removed."""

CHECKPOINTS = (
    """CREATE TABLE checkpoint(
  size INTEGER PRIMARY KEY,
  note TEXT NOT NULL
) STRICT""",
    *key_triggers("checkpoint", "size"),
    """CREATE TABLE trusted_key(
  vkey TEXT PRIMARY KEY
) STRICT""",
    """CREATE TABLE key_list(
  number INTEGER PRIMARY KEY,
  note TEXT NOT NULL
) STRICT""",
    *key_triggers("key_list", "number"),
    """CREATE TABLE tree_frontier(
  level INTEGER PRIMARY KEY,
  sha256 TEXT NOT NULL
) STRICT""",
)
"""The signed checkpoints and the lists of keys; and, changed in place, the trusted first key and the log's frontier."""

NOTICES = (
    """CREATE TABLE notice(
  notice_id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL,
  kind TEXT NOT NULL,
  object TEXT NOT NULL,
  cause TEXT NOT NULL,
  made_at TEXT NOT NULL,
  mail TEXT NOT NULL CHECK (mail IN ('none', 'waiting', 'sent', 'given_up')),
  tries INTEGER NOT NULL CHECK (tries >= 0),
  next_try_at TEXT NOT NULL,
  UNIQUE (name, kind, object, cause)
) STRICT""",
    "CREATE INDEX notice_of ON notice(name, notice_id)",
    "CREATE INDEX notice_at ON notice(made_at)",
    "CREATE INDEX notice_waiting ON notice(next_try_at) WHERE mail = 'waiting'",
    """CREATE TABLE notice_seen(
  one INTEGER PRIMARY KEY CHECK (one = 1),
  act_id INTEGER NOT NULL
) STRICT""",
    "INSERT INTO notice_seen SELECT 1, coalesce(max(act_id), 0) FROM act",
    """CREATE TABLE notice_choice(
  name TEXT PRIMARY KEY,
  feed_sha256 TEXT UNIQUE,
  by_mail INTEGER NOT NULL CHECK (by_mail IN (0, 1)),
  changed_at TEXT NOT NULL
) STRICT""",
)
"""The notices, the newest act that they contain, and how each person wants them: the hash of the secret address of a
feed, and by e-mail or not.
"""

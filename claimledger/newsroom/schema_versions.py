"""The SQL statements that make `desk.db`, version by version; a released version is never changed."""

from __future__ import annotations

from claimledger.newsroom.work_schema import WORK_FINDINGS_INDEX, WORK_SEARCH_COLUMN, WORK_COUNT_INDEXES, WORK_TABLE

_APPEND_ONLY = (
    "CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} BEGIN SELECT RAISE(ABORT, '{table}: append-only'); END",
    "CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} BEGIN SELECT RAISE(ABORT, '{table}: append-only'); END",
)

_DRAFTS_AND_PUBLICATIONS = (
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
    "CREATE INDEX draft_of ON draft(key, subject, draft_id)",
    """CREATE TRIGGER draft_next BEFORE INSERT ON draft BEGIN
  SELECT RAISE(ABORT, 'draft: append-only, the next number is demanded')
  WHERE new.draft_id IS NOT (SELECT coalesce(max(draft_id), 0) + 1 FROM draft);
END""",
    """CREATE TRIGGER publication_next BEFORE INSERT ON publication BEGIN
  SELECT RAISE(ABORT, 'publication: append-only, the next number is demanded')
  WHERE new.number IS NOT (SELECT coalesce(max(number), 0) + 1 FROM publication);
  SELECT RAISE(ABORT, 'publication: append-only, the next revision is demanded')
  WHERE new.revision IS NOT (
    SELECT coalesce(max(revision), 0) + 1 FROM publication WHERE key = new.key AND subject = new.subject);
END""",
    *(trigger.format(table=table) for table in ("draft", "publication") for trigger in _APPEND_ONLY),
)
_TEXTS_AND_DECISIONS = (
    """CREATE TABLE text(
  edition_sha256 TEXT PRIMARY KEY,
  article_id TEXT NOT NULL,
  content BLOB NOT NULL,
  origin TEXT NOT NULL,
  author TEXT NOT NULL,
  recorded_at TEXT NOT NULL
) STRICT""",
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
    """CREATE TRIGGER text_once BEFORE INSERT ON text BEGIN
  SELECT RAISE(ABORT, 'text: append-only, it stands here already')
  WHERE EXISTS (SELECT 1 FROM text WHERE edition_sha256 = new.edition_sha256);
END""",
    """CREATE TRIGGER decision_next BEFORE INSERT ON decision BEGIN
  SELECT RAISE(ABORT, 'decision: append-only, the next number is demanded')
  WHERE new.decision_id IS NOT (SELECT coalesce(max(decision_id), 0) + 1 FROM decision);
END""",
    *(trigger.format(table=table) for table in ("text", "decision") for trigger in _APPEND_ONLY),
)
_WORKFLOW = (
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
    """CREATE TRIGGER act_next BEFORE INSERT ON act BEGIN
  SELECT RAISE(ABORT, 'act: append-only, the next number is demanded')
  WHERE new.act_id IS NOT (SELECT coalesce(max(act_id), 0) + 1 FROM act);
END""",
    *(trigger.format(table="act") for trigger in _APPEND_ONLY),
    """CREATE TABLE waiting(
  key TEXT NOT NULL,
  subject TEXT NOT NULL,
  draft_id INTEGER NOT NULL,
  PRIMARY KEY (key, subject)
) STRICT, WITHOUT ROWID""",
    """INSERT INTO waiting SELECT key, subject, max(draft_id) FROM draft d
WHERE draft_id > (SELECT coalesce(max(draft_id), 0) FROM publication p WHERE p.key = d.key AND p.subject = d.subject)
  AND draft_id > (SELECT coalesce(max(draft_id), 0) FROM draft x
    WHERE x.key = d.key AND x.subject = d.subject AND x.kind = 'discarded')
GROUP BY key, subject""",
    """CREATE TRIGGER waiting_draft AFTER INSERT ON draft BEGIN
  DELETE FROM waiting WHERE key = new.key AND subject = new.subject;
  INSERT INTO waiting SELECT new.key, new.subject, new.draft_id WHERE new.kind <> 'discarded';
END""",
    """CREATE TRIGGER waiting_publication AFTER INSERT ON publication WHEN new.draft_id IS NOT NULL BEGIN
  DELETE FROM waiting WHERE key = new.key AND subject = new.subject AND draft_id <= new.draft_id;
END""",
    """CREATE TABLE work(
  claim_id TEXT PRIMARY KEY,
  article_id TEXT NOT NULL,
  statement_ko TEXT NOT NULL,
  statement_en TEXT NOT NULL,
  speaker TEXT NOT NULL,
  record TEXT NOT NULL,
  waiting TEXT NOT NULL,
  so TEXT NOT NULL,
  said TEXT NOT NULL,
  assignee TEXT NOT NULL,
  due_on TEXT NOT NULL,
  priority TEXT NOT NULL,
  queries INTEGER NOT NULL,
  findings INTEGER NOT NULL,
  recheck_after TEXT NOT NULL,
  author TEXT NOT NULL,
  changed_at TEXT NOT NULL
) STRICT""",
    "CREATE INDEX work_waiting ON work(waiting) WHERE waiting <> ''",
    "CREATE INDEX work_so ON work(so, assignee)",
    "CREATE INDEX work_assignee ON work(assignee) WHERE assignee <> ''",
    "CREATE INDEX work_article ON work(article_id, so)",
    "CREATE INDEX work_speaker ON work(speaker, so)",
    "CREATE INDEX work_recheck ON work(recheck_after) WHERE recheck_after <> ''",
    "CREATE INDEX work_queries ON work(claim_id) WHERE queries > 0",
    "CREATE INDEX work_order ON work(priority, due_on, changed_at)",
    """CREATE TABLE work_seen(
  one INTEGER PRIMARY KEY CHECK (one = 1),
  draft_id INTEGER NOT NULL,
  number INTEGER NOT NULL,
  act_id INTEGER NOT NULL
) STRICT""",
    "INSERT INTO work_seen VALUES (1, 0, 0, 0)",
)
_PEOPLE = (
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
    """CREATE TABLE account_event(
  event_id INTEGER PRIMARY KEY,
  event TEXT NOT NULL,
  name TEXT NOT NULL CHECK (length(name) <= 40),
  author TEXT,
  client_address TEXT CHECK (length(client_address) <= 64),
  user_agent TEXT CHECK (length(user_agent) <= 200),
  recorded_at TEXT NOT NULL
) STRICT""",
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
    """CREATE TABLE throttle(
  key TEXT PRIMARY KEY,
  failure_count INTEGER NOT NULL CHECK (failure_count > 0),
  last_failed_at TEXT NOT NULL,
  is_noted INTEGER NOT NULL CHECK (is_noted IN (0, 1))
) STRICT""",
    "CREATE INDEX person_version_of ON person_version(name, version_id)",
    "CREATE INDEX account_event_of ON account_event(name, event_id)",
    "CREATE INDEX credential_of ON credential(name, kind)",
    """CREATE TRIGGER person_version_next BEFORE INSERT ON person_version BEGIN
  SELECT RAISE(ABORT, 'person_version: append-only, the next number is demanded')
  WHERE new.version_id IS NOT (SELECT coalesce(max(version_id), 0) + 1 FROM person_version);
END""",
    """CREATE TRIGGER account_event_next BEFORE INSERT ON account_event BEGIN
  SELECT RAISE(ABORT, 'account_event: append-only, the next number is demanded')
  WHERE new.event_id IS NOT (SELECT coalesce(max(event_id), 0) + 1 FROM account_event);
END""",
    *(trigger.format(table=table) for table in ("person_version", "account_event") for trigger in _APPEND_ONLY),
)
_REPORTS = (
    """CREATE TABLE report(
  report_id INTEGER PRIMARY KEY,
  claim_id TEXT NOT NULL,
  text TEXT NOT NULL CHECK (length(text) BETWEEN 1 AND 4000),
  recorded_at TEXT NOT NULL
) STRICT""",
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
    "CREATE INDEX report_at ON report(recorded_at)",
    """CREATE TRIGGER report_next BEFORE INSERT ON report BEGIN
  SELECT RAISE(ABORT, 'report: append-only, the next number is demanded')
  WHERE new.report_id IS NOT (SELECT coalesce(max(report_id), 0) + 1 FROM report);
END""",
    """CREATE TRIGGER report_event_next BEFORE INSERT ON report_event BEGIN
  SELECT RAISE(ABORT, 'report_event: append-only, the next number is demanded')
  WHERE new.event_id IS NOT (SELECT coalesce(max(event_id), 0) + 1 FROM report_event);
END""",
    *(trigger.format(table=table) for table in ("report", "report_event") for trigger in _APPEND_ONLY),
)
_QUICK_QUEUE = (
    (
        "CREATE INDEX work_urgency ON work("
        "CASE priority WHEN 'urgent' THEN 0 WHEN 'later' THEN 2 ELSE 1 END, due_on = '', "
        "due_on, changed_at DESC, claim_id)"
    ),
    "CREATE INDEX work_counts ON work(record, so, article_id, speaker, assignee, priority, said, waiting, author)",
)
_EARLIER_CLAIMS = (
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
    """CREATE TRIGGER foreign_review_next BEFORE INSERT ON foreign_review BEGIN
  SELECT RAISE(ABORT, 'foreign_review: append-only, the next number is demanded')
  WHERE new.review_id IS NOT (SELECT coalesce(max(review_id), 0) + 1 FROM foreign_review);
END""",
    *(trigger.format(table="foreign_review") for trigger in _APPEND_ONLY),
    """CREATE TABLE earlier_entry(
  entry INTEGER PRIMARY KEY,
  kind TEXT NOT NULL CHECK (kind IN ('claim', 'review')),
  name TEXT NOT NULL,
  profile TEXT NOT NULL CHECK (json_valid(profile)),
  keys TEXT NOT NULL CHECK (json_valid(keys)),
  UNIQUE (kind, name)
) STRICT""",
    """CREATE TABLE earlier_key(
  key TEXT NOT NULL,
  entry INTEGER NOT NULL,
  PRIMARY KEY (key, entry)
) STRICT, WITHOUT ROWID""",
    """CREATE TABLE earlier_seen(
  one INTEGER PRIMARY KEY CHECK (one = 1),
  draft_id INTEGER NOT NULL,
  number INTEGER NOT NULL,
  review_id INTEGER NOT NULL
) STRICT""",
    "INSERT INTO earlier_seen VALUES (1, 0, 0, 0)",
    "ALTER TABLE work ADD COLUMN recheck_why TEXT NOT NULL DEFAULT ''",
    "CREATE INDEX work_recheck_why ON work(recheck_why) WHERE recheck_why <> ''",
    """CREATE TABLE rests_on(
  claim_id TEXT NOT NULL,
  subject TEXT NOT NULL,
  key TEXT NOT NULL,
  PRIMARY KEY (claim_id, subject, key)
) STRICT, WITHOUT ROWID""",
    "CREATE INDEX rests_on_by_key ON rests_on(subject, key)",
    "UPDATE work_seen SET draft_id = 0, number = 0, act_id = 0",
)
"""Others' reviews, the index of earlier claims, and the basis of each claim; all rows of `work` are made again."""
_EVIDENCE = (
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
    """CREATE TABLE withheld(
  document_id TEXT PRIMARY KEY,
  document TEXT NOT NULL CHECK (json_valid(document)),
  author TEXT NOT NULL,
  recorded_at TEXT NOT NULL
) STRICT""",
    "CREATE INDEX capture_of ON capture(document_id, capture_id)",
    "CREATE INDEX excerpt_of ON excerpt(document_id, claim_id)",
    """CREATE TRIGGER capture_next BEFORE INSERT ON capture BEGIN
  SELECT RAISE(ABORT, 'capture: append-only, the next number is demanded')
  WHERE new.capture_id IS NOT (SELECT coalesce(max(capture_id), 0) + 1 FROM capture);
END""",
    """CREATE TRIGGER excerpt_next BEFORE INSERT ON excerpt BEGIN
  SELECT RAISE(ABORT, 'excerpt: append-only, the next number is demanded')
  WHERE new.excerpt_id IS NOT (SELECT coalesce(max(excerpt_id), 0) + 1 FROM excerpt);
END""",
    """CREATE TRIGGER withheld_once BEFORE INSERT ON withheld BEGIN
  SELECT RAISE(ABORT, 'withheld: append-only, it stands here already')
  WHERE EXISTS (SELECT 1 FROM withheld WHERE document_id = new.document_id);
END""",
    *(trigger.format(table=table) for table in ("capture", "excerpt", "withheld") for trigger in _APPEND_ONLY),
)
"""Fetched documents, the excerpts that claims rely on, and confidential documents."""
_CLAIM_REVIEWS = (
    """CREATE TABLE claim_review(
  review_id INTEGER PRIMARY KEY,
  review_sha256 TEXT NOT NULL UNIQUE,
  record TEXT NOT NULL CHECK (json_valid(record)),
  origin TEXT NOT NULL,
  author TEXT NOT NULL,
  recorded_at TEXT NOT NULL
) STRICT""",
    """CREATE TRIGGER claim_review_next BEFORE INSERT ON claim_review BEGIN
  SELECT RAISE(ABORT, 'claim_review: append-only, the next number is demanded')
  WHERE new.review_id IS NOT (SELECT coalesce(max(review_id), 0) + 1 FROM claim_review);
  SELECT RAISE(ABORT, 'claim_review: append-only, it stands here already')
  WHERE EXISTS (SELECT 1 FROM claim_review WHERE review_sha256 = new.review_sha256);
END""",
    *(trigger.format(table="claim_review") for trigger in _APPEND_ONLY),
)
_DOCUMENTS_BY_ADDRESS = (
    """CREATE INDEX publication_address ON publication(json_extract(body, '$.record.address'))
WHERE subject = 'document'""",
    "CREATE INDEX draft_address ON draft(json_extract(record, '$.address')) WHERE subject = 'document'",
    "CREATE INDEX withheld_address ON withheld(json_extract(document, '$.address'))",
)
"""Indexes to find a document by its address before a duplicate is recorded."""
_FLAGGED_REPORTS = (
    "CREATE TABLE report_flagged(report_id INTEGER PRIMARY KEY REFERENCES report(report_id)) STRICT",
    *(trigger.format(table="report_flagged") for trigger in _APPEND_ONLY),
)
"""Reports in which a hidden form field was filled in."""
_SAVINGS = (
    """CREATE TABLE saving(
  saving_id INTEGER PRIMARY KEY,
  capture_id INTEGER NOT NULL REFERENCES capture(capture_id),
  claim_id TEXT NOT NULL,
  author TEXT NOT NULL,
  recorded_at TEXT NOT NULL
) STRICT""",
    "CREATE INDEX saving_of ON saving(capture_id, saving_id)",
    """CREATE TRIGGER saving_next BEFORE INSERT ON saving BEGIN
  SELECT RAISE(ABORT, 'saving: append-only, the next number is demanded')
  WHERE new.saving_id IS NOT (SELECT coalesce(max(saving_id), 0) + 1 FROM saving);
END""",
    *(trigger.format(table="saving") for trigger in _APPEND_ONLY),
)
"""Downloads of confidential documents: the person, and the claim they came from."""
VERSIONS: tuple[tuple[str, ...], ...] = (
    _DRAFTS_AND_PUBLICATIONS, _TEXTS_AND_DECISIONS, _WORKFLOW, _PEOPLE, _REPORTS, _QUICK_QUEUE,
    _EARLIER_CLAIMS, _EVIDENCE, _CLAIM_REVIEWS, _DOCUMENTS_BY_ADDRESS, WORK_TABLE, WORK_COUNT_INDEXES, _SAVINGS,
    _FLAGGED_REPORTS, WORK_SEARCH_COLUMN, ("CREATE INDEX report_of ON report(claim_id)",), WORK_FINDINGS_INDEX,
)  # fmt: skip
"""The statements that lead from each version of the store to the next, starting from an empty file; never changed."""

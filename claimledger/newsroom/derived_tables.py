"""The tables of `desk.db` that are computed from its records: open drafts, the task list, the index of earlier claims.

All their rows follow from the records, or from the public files. The tables `…_seen` contain the newest records, or the
files, that were taken into account.
"""

from __future__ import annotations

OPEN_DRAFTS = (
    """CREATE TABLE waiting(
  key TEXT NOT NULL,
  subject TEXT NOT NULL,
  draft_id INTEGER NOT NULL,
  PRIMARY KEY (key, subject)
) STRICT, WITHOUT ROWID""",
    """CREATE TRIGGER waiting_draft AFTER INSERT ON draft BEGIN
  DELETE FROM waiting WHERE key = new.key AND subject = new.subject;
  INSERT INTO waiting SELECT new.key, new.subject, new.draft_id WHERE new.kind <> 'discarded';
END""",
    """CREATE TRIGGER waiting_publication AFTER INSERT ON publication WHEN new.draft_id IS NOT NULL BEGIN
  DELETE FROM waiting WHERE key = new.key AND subject = new.subject AND draft_id <= new.draft_id;
END""",
)
"""The newest open draft of each record."""

TASK_LIST = (
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
  assignee_said TEXT NOT NULL,
  due_on TEXT NOT NULL,
  priority TEXT NOT NULL,
  queries INTEGER NOT NULL,
  findings INTEGER NOT NULL,
  recheck_after TEXT NOT NULL,
  recheck_why TEXT NOT NULL,
  draft_id INTEGER NOT NULL,
  writers TEXT NOT NULL CHECK (json_valid(writers)),
  authors TEXT NOT NULL CHECK (json_valid(authors)),
  changed_at TEXT NOT NULL
, folded TEXT NOT NULL DEFAULT '') STRICT""",
    "CREATE INDEX work_waiting ON work(waiting) WHERE waiting <> ''",
    "CREATE INDEX work_so ON work(so, assignee)",
    "CREATE INDEX work_assignee ON work(assignee) WHERE assignee <> ''",
    "CREATE INDEX work_assignee_said ON work(assignee_said) WHERE assignee_said <> ''",
    "CREATE INDEX work_article ON work(article_id, so)",
    "CREATE INDEX work_speaker ON work(speaker, so)",
    "CREATE INDEX work_recheck ON work(recheck_after) WHERE recheck_after <> ''",
    "CREATE INDEX work_recheck_why ON work(recheck_why) WHERE recheck_why <> ''",
    "CREATE INDEX work_queries ON work(claim_id) WHERE queries > 0",
    (
        "CREATE INDEX work_urgency ON work("
        "CASE priority WHEN 'urgent' THEN 0 WHEN 'later' THEN 2 ELSE 1 END, due_on = '', "
        "due_on, changed_at DESC, claim_id)"
    ),
    (
        "CREATE INDEX work_counts ON work("
        "record, so, article_id, speaker, assignee, assignee_said, priority, said, waiting, writers, authors)"
    ),
    "CREATE INDEX work_count_checks ON work(record, so, assignee, assignee_said, priority)",
    "CREATE INDEX work_count_articles ON work(record, so, article_id)",
    "CREATE INDEX work_count_speakers ON work(record, so, speaker)",
    "CREATE INDEX work_flagged ON work(claim_id) WHERE findings > 0",
    """CREATE TABLE work_seen(
  one INTEGER PRIMARY KEY CHECK (one = 1),
  draft_id INTEGER NOT NULL,
  number INTEGER NOT NULL,
  act_id INTEGER NOT NULL
) STRICT""",
    "INSERT INTO work_seen VALUES (1, 0, 0, 0)",
)
"""A row of the task list for each claim, and the newest records that the rows contain.

SQLite put the comma before `folded` when development stores got that column.
"""

_COUNTED = " UNION ALL ".join(
    f"SELECT '{column}', {{row}}.{value}, {{row}}.record, {{row}}.so {{source}} {where}".rstrip()
    for column, value, where in (
        ("article_id", "article_id", ""),
        ("speaker", "speaker", ""),
        ("priority", "priority", ""),
        ("assignee", "assignee", "WHERE {row}.assignee <> '' OR {row}.assignee_said = ''"),
        ("assignee", "assignee_said", "WHERE {row}.assignee_said <> '' AND {row}.assignee_said <> {row}.assignee"),
    )
)
"""The columns and values that a row of the task list is counted under; an assignee may check either question."""
_ALL = _COUNTED.format(row="work", source="FROM work")
_NEW, _OLD = (_COUNTED.format(row=row, source="") for row in ("new", "old"))
_IS_OLD = f'("column", value, record, so) IN ({_OLD})'
TASK_COUNTS = (
    """CREATE TABLE work_count(
  "column" TEXT NOT NULL,
  value TEXT NOT NULL,
  record TEXT NOT NULL,
  so TEXT NOT NULL,
  claims INTEGER NOT NULL,
  PRIMARY KEY ("column", value, record, so)
) STRICT, WITHOUT ROWID""",
    f"INSERT INTO work_count SELECT *, count(*) FROM ({_ALL}) GROUP BY 1, 2, 3, 4",  # noqa: S608  constants of this module
    f"""CREATE TRIGGER work_count_insert AFTER INSERT ON work BEGIN
  INSERT INTO work_count SELECT *, 1 FROM ({_NEW}) WHERE true ON CONFLICT DO UPDATE SET claims = claims + 1;
END""",  # noqa: S608  constants of this module
    f"""CREATE TRIGGER work_count_delete AFTER DELETE ON work BEGIN
  UPDATE work_count SET claims = claims - 1 WHERE {_IS_OLD};
  DELETE FROM work_count WHERE {_IS_OLD} AND claims = 0;
END""",  # noqa: S608  constants of this module
    "DROP INDEX work_count_checks",
    "DROP INDEX work_count_articles",
    "DROP INDEX work_count_speakers",
    "DROP INDEX work_article",
    "CREATE INDEX work_article ON work(article_id, so, record, said, queries, due_on)",
    "CREATE INDEX work_folded ON work(folded, claim_id)",
    """CREATE INDEX publication_passage ON publication(substr(key, instr(key, '@') + 1), key)
WHERE subject = 'appearance' AND revision = 1""",
    "CREATE INDEX publication_first ON publication(subject, key) WHERE revision = 1",
)
"""The number of claims of each value of a column of the task list, by record and by the stage of the fact check; and
indexes for searches, for the progress of an article, and for the passages of an edition.
"""

RESTS_ON = (
    """CREATE TABLE rests_on(
  claim_id TEXT NOT NULL,
  subject TEXT NOT NULL,
  key TEXT NOT NULL,
  PRIMARY KEY (claim_id, subject, key)
) STRICT, WITHOUT ROWID""",
    "CREATE INDEX rests_on_by_key ON rests_on(subject, key)",
)
"""The records that each claim is based on."""

EARLIER_INDEX = (
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
)
"""The index that finds earlier claims and reviews like a given one."""

PUBLIC_FILES = (
    """CREATE TABLE log_file_seen(
  name TEXT PRIMARY KEY,
  stamp TEXT NOT NULL
) STRICT, WITHOUT ROWID""",
    """CREATE TABLE printed_seen(
  one INTEGER PRIMARY KEY CHECK (one = 1),
  number INTEGER NOT NULL,
  text_row INTEGER NOT NULL
) STRICT""",
    "INSERT INTO printed_seen VALUES (1, 0, 0)",
    """CREATE INDEX publication_content ON publication(json_extract(body, '$.record.content_sha256'))
WHERE subject = 'document'""",
    """CREATE INDEX publication_text ON publication(json_extract(body, '$.record.editions[#-1].edition_sha256'))
WHERE subject = 'article'""",
)
"""The full files of the log that were compared with the publications, each with its size and times; the newest
publication and the newest text whose files are printed; and the contents that public records name.
"""

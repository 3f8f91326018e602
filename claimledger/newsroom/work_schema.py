"""The task queue's table in the newest version of the store; `schema_versions` contains the earlier versions."""

from __future__ import annotations

WORK_TABLE = (
    "DROP TABLE work",
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
) STRICT""",
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
    "UPDATE work_seen SET draft_id = 0, number = 0, act_id = 0",
)
"""The table with both assignees, the authors and the newest draft; all its rows are made again."""
WORK_COUNT_INDEXES = (
    "CREATE INDEX work_count_checks ON work(record, so, assignee, assignee_said, priority)",
    "CREATE INDEX work_count_articles ON work(record, so, article_id)",
    "CREATE INDEX work_count_speakers ON work(record, so, speaker)",
)
"""Indexes for counting an unfiltered queue, each column in a pass with few groups."""
WORK_SEARCH_COLUMN = (
    "ALTER TABLE work ADD COLUMN folded TEXT NOT NULL DEFAULT ''",
    "UPDATE work_seen SET draft_id = 0, number = 0, act_id = 0",
)
"""The column for the queue's search; all rows are made again."""
WORK_FINDINGS_INDEX = ("CREATE INDEX work_flagged ON work(claim_id) WHERE findings > 0",)
"""The index for counting claims with findings on every page of the queue."""

"""The tables of `desk.db` with the requests to language models, their answers, and the decisions on their suggestions.

All are append-only, except that the text of an answer can be deleted. A suggestion has no words of its own: it is the
number of a part of an answer. After the text of the answer is deleted, these tables have no word of the model.
"""

from __future__ import annotations

from claimledger.newsroom.record_tables import key_triggers, numbering_triggers
from claimledger.newsroom.row_hashes import SUGGESTION_TABLES, hash_triggers

SUGGESTIONS = (
    """CREATE TABLE model_request(
  request_id INTEGER PRIMARY KEY,
  article_id TEXT NOT NULL,
  claim_id TEXT,
  document_id TEXT,
  task TEXT NOT NULL,
  language TEXT NOT NULL,
  suggester TEXT NOT NULL,
  model TEXT NOT NULL,
  key_sha256 TEXT NOT NULL,
  prompt_sha256 TEXT NOT NULL,
  input_sha256 TEXT NOT NULL,
  most_tokens INTEGER NOT NULL CHECK (most_tokens > 0),
  most_cost TEXT,
  currency TEXT,
  author TEXT NOT NULL,
  recorded_at TEXT NOT NULL
) STRICT""",
    "CREATE INDEX model_request_of ON model_request(article_id, task, input_sha256)",
    "CREATE INDEX model_request_on ON model_request(claim_id) WHERE claim_id IS NOT NULL",
    "CREATE INDEX model_request_at ON model_request(recorded_at)",
    *numbering_triggers("model_request", "request_id"),
    """CREATE TABLE model_answer(
  request_id INTEGER PRIMARY KEY REFERENCES model_request(request_id),
  outcome TEXT NOT NULL,
  model TEXT NOT NULL,
  tokens_in INTEGER NOT NULL CHECK (tokens_in >= 0),
  tokens_out INTEGER NOT NULL CHECK (tokens_out >= 0),
  is_estimated INTEGER NOT NULL CHECK (is_estimated IN (0, 1)),
  cost TEXT,
  milliseconds INTEGER NOT NULL CHECK (milliseconds >= 0),
  recorded_at TEXT NOT NULL
) STRICT""",
    *key_triggers("model_answer", "request_id"),
    """CREATE TABLE answer_text(
  request_id INTEGER PRIMARY KEY REFERENCES model_answer(request_id),
  text TEXT NOT NULL
) STRICT""",
    """CREATE TABLE suggestion(
  suggestion_id INTEGER PRIMARY KEY,
  request_id INTEGER NOT NULL REFERENCES model_answer(request_id),
  position INTEGER NOT NULL CHECK (position > 0),
  state TEXT NOT NULL,
  reasons TEXT NOT NULL CHECK (json_valid(reasons))
) STRICT""",
    "CREATE INDEX suggestion_of ON suggestion(request_id, position)",
    *numbering_triggers("suggestion", "suggestion_id"),
    """CREATE TABLE suggestion_decision(
  decision_id INTEGER PRIMARY KEY,
  suggestion_id INTEGER NOT NULL REFERENCES suggestion(suggestion_id),
  choice TEXT NOT NULL,
  claim_id TEXT,
  author TEXT NOT NULL,
  recorded_at TEXT NOT NULL
) STRICT""",
    "CREATE INDEX suggestion_decision_of ON suggestion_decision(suggestion_id, decision_id)",
    *numbering_triggers("suggestion_decision", "decision_id"),
    *(trigger for table in SUGGESTION_TABLES for trigger in hash_triggers(table)),
)
"""Requests before they are sent, answers, the judgement on each suggestion when it came, and people's decisions."""

PRAGMA application_id = 1129074258;
PRAGMA user_version = 7;
BEGIN TRANSACTION;
CREATE TABLE account_event(
  event_id INTEGER PRIMARY KEY,
  event TEXT NOT NULL,
  name TEXT NOT NULL CHECK (length(name) <= 40),
  author TEXT,
  client_address TEXT CHECK (length(client_address) <= 64),
  user_agent TEXT CHECK (length(user_agent) <= 200),
  recorded_at TEXT NOT NULL
) STRICT;
CREATE TABLE act(
  act_id INTEGER PRIMARY KEY,
  action TEXT NOT NULL,
  claim_id TEXT NOT NULL,
  question TEXT,
  actor TEXT NOT NULL,
  reason TEXT NOT NULL,
  draft_id INTEGER REFERENCES draft(draft_id),
  detail TEXT NOT NULL CHECK (json_valid(detail)),
  recorded_at TEXT NOT NULL
) STRICT;
CREATE TABLE answer_text(
  request_id INTEGER PRIMARY KEY REFERENCES model_answer(request_id),
  text TEXT NOT NULL
) STRICT;
CREATE TABLE capture(
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
) STRICT;
CREATE TABLE checkpoint(
  size INTEGER PRIMARY KEY,
  note TEXT NOT NULL
) STRICT;
CREATE TABLE claim_review(
  review_id INTEGER PRIMARY KEY,
  review_sha256 TEXT NOT NULL UNIQUE,
  record TEXT NOT NULL CHECK (json_valid(record)),
  origin TEXT NOT NULL,
  author TEXT NOT NULL,
  recorded_at TEXT NOT NULL
) STRICT;
CREATE TABLE credential(
  token_sha256 TEXT PRIMARY KEY,
  kind TEXT NOT NULL CHECK (kind IN ('link', 'session', 'cli_token')),
  name TEXT NOT NULL,
  label TEXT NOT NULL,
  author TEXT NOT NULL,
  issued_at TEXT NOT NULL,
  expires_at TEXT,
  used_at TEXT
) STRICT;
CREATE TABLE decision(
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
) STRICT;
CREATE TABLE draft(
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
) STRICT;
INSERT INTO "draft" VALUES(1,'article','hanbit-weekly-2031-18',NULL,'listed','haru','기사에서 옮겼다.','2031-05-02T09:00:00.000Z','{"article_id":"hanbit-weekly-2031-18","editions":[{"edition_sha256":"51870638950c561a9ced2ad62987fa7058da1869c6233321b1995924bf048cb6","length":4100}],"headline":{"en":"Hanbit''s budget changes","ko":"한빛시 예산이 달라진다"},"language":"ko","published_on":"2031-05-01","publisher":{"en":"Hanbit Weekly","ko":"한빛주간"},"rights":{"holder":{"ko":"한빛주간"},"statement":{"en":"The text may not be copied."}}}',NULL);
INSERT INTO "draft" VALUES(2,'claim','ward-1-budget-grew-baaa',NULL,'listed','haru','기사에서 옮겼다.','2031-05-02T09:00:00.000Z','{"article_id":"hanbit-weekly-2031-18","attribution":{"mode":"direct_quote","speaker_basis":"explicit"},"claim_id":"ward-1-budget-grew-baaa","quantities":[{"amount":"7","comparator":"about","direction":"above","text":"약 7%","unit":"percent"}],"source":{"kind":"speech","name":{"en":"council hearing","ko":"의회 청문"}},"speaker":{"kind":"person","name":{"en":"Oh Dasom","ko":"오다솜"},"role":{"ko":"예산과장"}},"statement":{"en":"The budget of ward 1 grew by about 7%.","ko":"1구 예산은 약 7% 늘었다."},"topics":["budget"]}',NULL);
INSERT INTO "draft" VALUES(3,'claim','ward-2-budget-grew-caaa',NULL,'listed','haru','기사에서 옮겼다.','2031-05-02T09:00:00.000Z','{"article_id":"hanbit-weekly-2031-18","attribution":{"mode":"direct_quote","speaker_basis":"explicit"},"claim_id":"ward-2-budget-grew-caaa","quantities":[{"amount":"7","comparator":"about","direction":"above","text":"약 7%","unit":"percent"}],"source":{"kind":"speech","name":{"en":"council hearing","ko":"의회 청문"}},"speaker":{"kind":"person","name":{"en":"Oh Dasom","ko":"오다솜"},"role":{"ko":"예산과장"}},"statement":{"en":"The budget of ward 2 grew by about 7%.","ko":"2구 예산은 약 7% 늘었다."},"topics":["budget"]}',NULL);
CREATE TABLE earlier_entry(
  entry INTEGER PRIMARY KEY,
  kind TEXT NOT NULL CHECK (kind IN ('claim', 'review')),
  name TEXT NOT NULL,
  profile TEXT NOT NULL CHECK (json_valid(profile)),
  keys TEXT NOT NULL CHECK (json_valid(keys)),
  UNIQUE (kind, name)
) STRICT;
CREATE TABLE earlier_key(
  key TEXT NOT NULL,
  entry INTEGER NOT NULL,
  PRIMARY KEY (key, entry)
) STRICT, WITHOUT ROWID;
CREATE TABLE earlier_people(
  name TEXT PRIMARY KEY,
  recorded_at TEXT NOT NULL
) STRICT;
CREATE TABLE earlier_seen(
  one INTEGER PRIMARY KEY CHECK (one = 1),
  draft_id INTEGER NOT NULL,
  number INTEGER NOT NULL,
  review_id INTEGER NOT NULL
) STRICT;
INSERT INTO "earlier_seen" VALUES(1,0,0,0);
CREATE TABLE excerpt(
  excerpt_id INTEGER PRIMARY KEY,
  claim_id TEXT NOT NULL,
  document_id TEXT NOT NULL,
  capture_id INTEGER REFERENCES capture(capture_id),
  exact TEXT NOT NULL CHECK (length(exact) > 0),
  position TEXT CHECK (position IS NULL OR json_valid(position)),
  quote TEXT CHECK (quote IS NULL OR json_valid(quote)),
  author TEXT NOT NULL,
  recorded_at TEXT NOT NULL
) STRICT;
CREATE TABLE foreign_review(
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
) STRICT;
CREATE TABLE key_list(
  number INTEGER PRIMARY KEY,
  note TEXT NOT NULL
) STRICT;
CREATE TABLE log_file_seen(
  name TEXT PRIMARY KEY,
  stamp TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE model_answer(
  request_id INTEGER PRIMARY KEY REFERENCES model_request(request_id),
  outcome TEXT NOT NULL,
  model TEXT NOT NULL,
  tokens_in INTEGER NOT NULL CHECK (tokens_in >= 0),
  tokens_out INTEGER NOT NULL CHECK (tokens_out >= 0),
  is_estimated INTEGER NOT NULL CHECK (is_estimated IN (0, 1)),
  cost TEXT,
  milliseconds INTEGER NOT NULL CHECK (milliseconds >= 0),
  recorded_at TEXT NOT NULL
) STRICT;
CREATE TABLE model_request(
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
) STRICT;
CREATE TABLE notice(
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
) STRICT;
CREATE TABLE notice_choice(
  name TEXT PRIMARY KEY,
  feed_sha256 TEXT UNIQUE,
  by_mail INTEGER NOT NULL CHECK (by_mail IN (0, 1)),
  changed_at TEXT NOT NULL
) STRICT;
CREATE TABLE notice_seen(
  one INTEGER PRIMARY KEY CHECK (one = 1),
  act_id INTEGER NOT NULL
) STRICT;
INSERT INTO "notice_seen" VALUES(1,0);
CREATE TABLE password(
  name TEXT PRIMARY KEY,
  hash TEXT NOT NULL,
  set_at TEXT NOT NULL
) STRICT;
CREATE TABLE person_address(
  change_id INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  address TEXT NOT NULL CHECK (length(address) <= 254),
  author TEXT NOT NULL,
  recorded_at TEXT NOT NULL
) STRICT;
INSERT INTO "person_address" VALUES(1,'haru','haru@hanbit.example','admin-console','2031-05-02T09:00:00.000Z');
CREATE TABLE person_version(
  version_id INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  shown_name TEXT NOT NULL,
  roles TEXT NOT NULL CHECK (json_valid(roles)),
  language TEXT NOT NULL,
  is_active INTEGER NOT NULL CHECK (is_active IN (0, 1)),
  author TEXT NOT NULL,
  recorded_at TEXT NOT NULL
) STRICT;
INSERT INTO "person_version" VALUES(1,'haru','haru','["editor"]','en',1,'admin-console','2031-05-02T09:00:00.000Z');
INSERT INTO "person_version" VALUES(2,'sora','sora','["editor"]','en',1,'admin-console','2031-05-02T09:00:00.000Z');
CREATE TABLE printed_seen(
  one INTEGER PRIMARY KEY CHECK (one = 1),
  number INTEGER NOT NULL,
  text_row INTEGER NOT NULL
) STRICT;
INSERT INTO "printed_seen" VALUES(1,0,0);
CREATE TABLE publication(
  number INTEGER PRIMARY KEY,
  sha256 TEXT NOT NULL,
  subject TEXT NOT NULL,
  key TEXT NOT NULL,
  revision INTEGER NOT NULL,
  body TEXT NOT NULL,
  draft_id INTEGER REFERENCES draft(draft_id),
  UNIQUE (key, subject, revision)
) STRICT;
INSERT INTO "publication" VALUES(1,'05a2fc0a59b49774341e9325018ef2df28a28fbf7b46761b60251b06f119fa73','article','hanbit-weekly-2031-18',1,'{"approver":"sora","authors":["haru"],"format":1,"key":"hanbit-weekly-2031-18","kind":"listed","nonce":"00000000000000000000000000000000","number":1,"reason":"기사에서 옮겼다.","record":{"article_id":"hanbit-weekly-2031-18","editions":[{"edition_sha256":"51870638950c561a9ced2ad62987fa7058da1869c6233321b1995924bf048cb6","length":4100}],"headline":{"en":"Hanbit''s budget changes","ko":"한빛시 예산이 달라진다"},"language":"ko","published_on":"2031-05-01","publisher":{"en":"Hanbit Weekly","ko":"한빛주간"},"rights":{"holder":{"ko":"한빛주간"},"statement":{"en":"The text may not be copied."}}},"recorded_at":"2031-05-02T09:00:00.000Z","revision":1,"subject":"article"}',1);
INSERT INTO "publication" VALUES(2,'0ea74ead3cad05672722cf8a6585fdc11736be0bfe215e34a93246557de0454f','claim','ward-1-budget-grew-baaa',1,'{"approver":"sora","authors":["haru"],"format":1,"key":"ward-1-budget-grew-baaa","kind":"listed","nonce":"00000000000000000000000000000001","number":2,"reason":"기사에서 옮겼다.","record":{"article_id":"hanbit-weekly-2031-18","attribution":{"mode":"direct_quote","speaker_basis":"explicit"},"claim_id":"ward-1-budget-grew-baaa","quantities":[{"amount":"7","comparator":"about","direction":"above","text":"약 7%","unit":"percent"}],"source":{"kind":"speech","name":{"en":"council hearing","ko":"의회 청문"}},"speaker":{"kind":"person","name":{"en":"Oh Dasom","ko":"오다솜"},"role":{"ko":"예산과장"}},"statement":{"en":"The budget of ward 1 grew by about 7%.","ko":"1구 예산은 약 7% 늘었다."},"topics":["budget"]},"recorded_at":"2031-05-02T09:00:00.000Z","revision":1,"subject":"claim"}',2);
CREATE TABLE report(
  report_id INTEGER PRIMARY KEY,
  claim_id TEXT NOT NULL,
  text TEXT NOT NULL CHECK (length(text) BETWEEN 1 AND 4000),
  recorded_at TEXT NOT NULL
) STRICT;
CREATE TABLE report_contact(
  report_id INTEGER PRIMARY KEY REFERENCES report(report_id),
  contact TEXT NOT NULL CHECK (length(contact) BETWEEN 1 AND 200)
) STRICT;
CREATE TABLE report_event(
  event_id INTEGER PRIMARY KEY,
  report_id INTEGER NOT NULL REFERENCES report(report_id),
  event TEXT NOT NULL CHECK (event IN ('closed', 'opened')),
  reason TEXT NOT NULL CHECK (length(trim(reason)) > 0),
  author TEXT NOT NULL,
  recorded_at TEXT NOT NULL
) STRICT;
CREATE TABLE report_flagged(report_id INTEGER PRIMARY KEY REFERENCES report(report_id)) STRICT;
CREATE TABLE rests_on(
  claim_id TEXT NOT NULL,
  subject TEXT NOT NULL,
  key TEXT NOT NULL,
  PRIMARY KEY (claim_id, subject, key)
) STRICT, WITHOUT ROWID;
CREATE TABLE row_hash(
  table_name TEXT NOT NULL,
  key ANY NOT NULL,
  hash INTEGER NOT NULL,
  PRIMARY KEY (table_name, key)
) STRICT, WITHOUT ROWID;
INSERT INTO "row_hash" VALUES('draft',1,5051443429762008942);
INSERT INTO "row_hash" VALUES('draft',2,-6601842520184005537);
INSERT INTO "row_hash" VALUES('draft',3,3362439465694012250);
INSERT INTO "row_hash" VALUES('person_address',1,438819183448988203);
INSERT INTO "row_hash" VALUES('person_version',1,-36611827673107614);
INSERT INTO "row_hash" VALUES('person_version',2,-214749775631850484);
INSERT INTO "row_hash" VALUES('publication',1,-9208955200382663426);
INSERT INTO "row_hash" VALUES('publication',2,2423205586235846931);
CREATE TABLE saving(
  saving_id INTEGER PRIMARY KEY,
  capture_id INTEGER NOT NULL REFERENCES capture(capture_id),
  claim_id TEXT NOT NULL,
  author TEXT NOT NULL,
  recorded_at TEXT NOT NULL
) STRICT;
CREATE TABLE suggestion(
  suggestion_id INTEGER PRIMARY KEY,
  request_id INTEGER NOT NULL REFERENCES model_answer(request_id),
  position INTEGER NOT NULL CHECK (position > 0),
  state TEXT NOT NULL,
  reasons TEXT NOT NULL CHECK (json_valid(reasons))
) STRICT;
CREATE TABLE suggestion_decision(
  decision_id INTEGER PRIMARY KEY,
  suggestion_id INTEGER NOT NULL REFERENCES suggestion(suggestion_id),
  choice TEXT NOT NULL,
  claim_id TEXT,
  author TEXT NOT NULL,
  recorded_at TEXT NOT NULL
) STRICT;
CREATE TABLE text(
  edition_sha256 TEXT PRIMARY KEY,
  article_id TEXT NOT NULL,
  content BLOB NOT NULL,
  origin TEXT NOT NULL,
  author TEXT NOT NULL,
  recorded_at TEXT NOT NULL
) STRICT;
CREATE TABLE throttle(
  key TEXT PRIMARY KEY,
  failure_count INTEGER NOT NULL CHECK (failure_count > 0),
  last_failed_at TEXT NOT NULL,
  is_noted INTEGER NOT NULL CHECK (is_noted IN (0, 1))
) STRICT;
CREATE TABLE tree_frontier(
  level INTEGER PRIMARY KEY,
  sha256 TEXT NOT NULL
) STRICT;
CREATE TABLE trusted_key(
  vkey TEXT PRIMARY KEY
) STRICT;
CREATE TABLE waiting(
  key TEXT NOT NULL,
  subject TEXT NOT NULL,
  draft_id INTEGER NOT NULL,
  PRIMARY KEY (key, subject)
) STRICT, WITHOUT ROWID;
INSERT INTO "waiting" VALUES('ward-2-budget-grew-caaa','claim',3);
CREATE TABLE withheld(
  document_id TEXT PRIMARY KEY,
  document TEXT NOT NULL CHECK (json_valid(document)),
  author TEXT NOT NULL,
  recorded_at TEXT NOT NULL
) STRICT;
CREATE TABLE work(
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
, folded TEXT NOT NULL DEFAULT '') STRICT;
CREATE TABLE work_seen(
  one INTEGER PRIMARY KEY CHECK (one = 1),
  draft_id INTEGER NOT NULL,
  number INTEGER NOT NULL,
  act_id INTEGER NOT NULL
) STRICT;
INSERT INTO "work_seen" VALUES(1,0,0,0);
CREATE INDEX draft_of ON draft(key, subject, draft_id);
CREATE INDEX draft_address ON draft(json_extract(record, '$.address')) WHERE subject = 'document';
CREATE TRIGGER draft_next BEFORE INSERT ON draft BEGIN
  SELECT RAISE(ABORT, 'draft: append-only, the next number is demanded')
  WHERE new.draft_id IS NOT (SELECT coalesce(max(draft_id), 0) + 1 FROM draft);
END;
CREATE TRIGGER draft_no_update BEFORE UPDATE ON draft BEGIN SELECT RAISE(ABORT, 'draft: append-only'); END;
CREATE TRIGGER draft_no_delete BEFORE DELETE ON draft BEGIN SELECT RAISE(ABORT, 'draft: append-only'); END;
CREATE INDEX publication_address ON publication(json_extract(body, '$.record.address'))
WHERE subject = 'document';
CREATE TRIGGER publication_next BEFORE INSERT ON publication BEGIN
  SELECT RAISE(ABORT, 'publication: append-only, the next number is demanded')
  WHERE new.number IS NOT (SELECT coalesce(max(number), 0) + 1 FROM publication);
  SELECT RAISE(ABORT, 'publication: append-only, the next revision is demanded')
  WHERE new.revision IS NOT (
    SELECT coalesce(max(revision), 0) + 1 FROM publication WHERE key = new.key AND subject = new.subject);
END;
CREATE TRIGGER publication_no_update BEFORE UPDATE ON publication BEGIN SELECT RAISE(ABORT, 'publication: append-only'); END;
CREATE TRIGGER publication_no_delete BEFORE DELETE ON publication BEGIN SELECT RAISE(ABORT, 'publication: append-only'); END;
CREATE TRIGGER text_once BEFORE INSERT ON text BEGIN
  SELECT RAISE(ABORT, 'text: append-only, it stands here already')
  WHERE EXISTS (SELECT 1 FROM text WHERE edition_sha256 = new.edition_sha256);
END;
CREATE TRIGGER text_no_update BEFORE UPDATE ON text BEGIN SELECT RAISE(ABORT, 'text: append-only'); END;
CREATE TRIGGER text_no_delete BEFORE DELETE ON text BEGIN SELECT RAISE(ABORT, 'text: append-only'); END;
CREATE INDEX decision_of ON decision(article_id, decision_id);
CREATE TRIGGER decision_next BEFORE INSERT ON decision BEGIN
  SELECT RAISE(ABORT, 'decision: append-only, the next number is demanded')
  WHERE new.decision_id IS NOT (SELECT coalesce(max(decision_id), 0) + 1 FROM decision);
END;
CREATE TRIGGER decision_no_update BEFORE UPDATE ON decision BEGIN SELECT RAISE(ABORT, 'decision: append-only'); END;
CREATE TRIGGER decision_no_delete BEFORE DELETE ON decision BEGIN SELECT RAISE(ABORT, 'decision: append-only'); END;
CREATE INDEX act_on ON act(claim_id, act_id);
CREATE TRIGGER act_next BEFORE INSERT ON act BEGIN
  SELECT RAISE(ABORT, 'act: append-only, the next number is demanded')
  WHERE new.act_id IS NOT (SELECT coalesce(max(act_id), 0) + 1 FROM act);
END;
CREATE TRIGGER act_no_update BEFORE UPDATE ON act BEGIN SELECT RAISE(ABORT, 'act: append-only'); END;
CREATE TRIGGER act_no_delete BEFORE DELETE ON act BEGIN SELECT RAISE(ABORT, 'act: append-only'); END;
CREATE INDEX capture_of ON capture(document_id, capture_id);
CREATE TRIGGER capture_next BEFORE INSERT ON capture BEGIN
  SELECT RAISE(ABORT, 'capture: append-only, the next number is demanded')
  WHERE new.capture_id IS NOT (SELECT coalesce(max(capture_id), 0) + 1 FROM capture);
END;
CREATE TRIGGER capture_no_update BEFORE UPDATE ON capture BEGIN SELECT RAISE(ABORT, 'capture: append-only'); END;
CREATE TRIGGER capture_no_delete BEFORE DELETE ON capture BEGIN SELECT RAISE(ABORT, 'capture: append-only'); END;
CREATE INDEX excerpt_of ON excerpt(document_id, claim_id);
CREATE TRIGGER excerpt_next BEFORE INSERT ON excerpt BEGIN
  SELECT RAISE(ABORT, 'excerpt: append-only, the next number is demanded')
  WHERE new.excerpt_id IS NOT (SELECT coalesce(max(excerpt_id), 0) + 1 FROM excerpt);
END;
CREATE TRIGGER excerpt_no_update BEFORE UPDATE ON excerpt BEGIN SELECT RAISE(ABORT, 'excerpt: append-only'); END;
CREATE TRIGGER excerpt_no_delete BEFORE DELETE ON excerpt BEGIN SELECT RAISE(ABORT, 'excerpt: append-only'); END;
CREATE INDEX withheld_address ON withheld(json_extract(document, '$.address'));
CREATE TRIGGER withheld_once BEFORE INSERT ON withheld BEGIN
  SELECT RAISE(ABORT, 'withheld: append-only, it stands here already')
  WHERE EXISTS (SELECT 1 FROM withheld WHERE document_id = new.document_id);
END;
CREATE TRIGGER withheld_no_update BEFORE UPDATE ON withheld BEGIN SELECT RAISE(ABORT, 'withheld: append-only'); END;
CREATE TRIGGER withheld_no_delete BEFORE DELETE ON withheld BEGIN SELECT RAISE(ABORT, 'withheld: append-only'); END;
CREATE INDEX saving_of ON saving(capture_id, saving_id);
CREATE TRIGGER saving_next BEFORE INSERT ON saving BEGIN
  SELECT RAISE(ABORT, 'saving: append-only, the next number is demanded')
  WHERE new.saving_id IS NOT (SELECT coalesce(max(saving_id), 0) + 1 FROM saving);
END;
CREATE TRIGGER saving_no_update BEFORE UPDATE ON saving BEGIN SELECT RAISE(ABORT, 'saving: append-only'); END;
CREATE TRIGGER saving_no_delete BEFORE DELETE ON saving BEGIN SELECT RAISE(ABORT, 'saving: append-only'); END;
CREATE INDEX foreign_review_of ON foreign_review(url, claim_text, review_id);
CREATE TRIGGER foreign_review_next BEFORE INSERT ON foreign_review BEGIN
  SELECT RAISE(ABORT, 'foreign_review: append-only, the next number is demanded')
  WHERE new.review_id IS NOT (SELECT coalesce(max(review_id), 0) + 1 FROM foreign_review);
END;
CREATE TRIGGER foreign_review_no_update BEFORE UPDATE ON foreign_review BEGIN SELECT RAISE(ABORT, 'foreign_review: append-only'); END;
CREATE TRIGGER foreign_review_no_delete BEFORE DELETE ON foreign_review BEGIN SELECT RAISE(ABORT, 'foreign_review: append-only'); END;
CREATE TRIGGER claim_review_next BEFORE INSERT ON claim_review BEGIN
  SELECT RAISE(ABORT, 'claim_review: append-only, the next number is demanded')
  WHERE new.review_id IS NOT (SELECT coalesce(max(review_id), 0) + 1 FROM claim_review);
  SELECT RAISE(ABORT, 'claim_review: append-only, it stands here already')
  WHERE EXISTS (SELECT 1 FROM claim_review WHERE review_sha256 = new.review_sha256);
END;
CREATE TRIGGER claim_review_no_update BEFORE UPDATE ON claim_review BEGIN SELECT RAISE(ABORT, 'claim_review: append-only'); END;
CREATE TRIGGER claim_review_no_delete BEFORE DELETE ON claim_review BEGIN SELECT RAISE(ABORT, 'claim_review: append-only'); END;
CREATE INDEX report_at ON report(recorded_at);
CREATE INDEX report_of ON report(claim_id);
CREATE TRIGGER report_next BEFORE INSERT ON report BEGIN
  SELECT RAISE(ABORT, 'report: append-only, the next number is demanded')
  WHERE new.report_id IS NOT (SELECT coalesce(max(report_id), 0) + 1 FROM report);
END;
CREATE TRIGGER report_no_delete BEFORE DELETE ON report BEGIN SELECT RAISE(ABORT, 'report: append-only'); END;
CREATE INDEX report_event_of ON report_event(report_id, event_id);
CREATE TRIGGER report_event_next BEFORE INSERT ON report_event BEGIN
  SELECT RAISE(ABORT, 'report_event: append-only, the next number is demanded')
  WHERE new.event_id IS NOT (SELECT coalesce(max(event_id), 0) + 1 FROM report_event);
END;
CREATE TRIGGER report_event_no_update BEFORE UPDATE ON report_event BEGIN SELECT RAISE(ABORT, 'report_event: append-only'); END;
CREATE TRIGGER report_event_no_delete BEFORE DELETE ON report_event BEGIN SELECT RAISE(ABORT, 'report_event: append-only'); END;
CREATE TRIGGER report_flagged_no_update BEFORE UPDATE ON report_flagged BEGIN SELECT RAISE(ABORT, 'report_flagged: append-only'); END;
CREATE TRIGGER report_flagged_no_delete BEFORE DELETE ON report_flagged BEGIN SELECT RAISE(ABORT, 'report_flagged: append-only'); END;
CREATE INDEX person_version_of ON person_version(name, version_id);
CREATE TRIGGER person_version_next BEFORE INSERT ON person_version BEGIN
  SELECT RAISE(ABORT, 'person_version: append-only, the next number is demanded')
  WHERE new.version_id IS NOT (SELECT coalesce(max(version_id), 0) + 1 FROM person_version);
END;
CREATE TRIGGER person_version_no_delete BEFORE DELETE ON person_version BEGIN SELECT RAISE(ABORT, 'person_version: append-only'); END;
CREATE INDEX account_event_of ON account_event(name, event_id);
CREATE TRIGGER account_event_next BEFORE INSERT ON account_event BEGIN
  SELECT RAISE(ABORT, 'account_event: append-only, the next number is demanded')
  WHERE new.event_id IS NOT (SELECT coalesce(max(event_id), 0) + 1 FROM account_event);
END;
CREATE TRIGGER account_event_no_delete BEFORE DELETE ON account_event BEGIN SELECT RAISE(ABORT, 'account_event: append-only'); END;
CREATE INDEX credential_of ON credential(name, kind);
CREATE TRIGGER waiting_draft AFTER INSERT ON draft BEGIN
  DELETE FROM waiting WHERE key = new.key AND subject = new.subject;
  INSERT INTO waiting SELECT new.key, new.subject, new.draft_id WHERE new.kind <> 'discarded';
END;
CREATE TRIGGER waiting_publication AFTER INSERT ON publication WHEN new.draft_id IS NOT NULL BEGIN
  DELETE FROM waiting WHERE key = new.key AND subject = new.subject AND draft_id <= new.draft_id;
END;
CREATE INDEX work_waiting ON work(waiting) WHERE waiting <> '';
CREATE INDEX work_so ON work(so, assignee);
CREATE INDEX work_assignee ON work(assignee) WHERE assignee <> '';
CREATE INDEX work_assignee_said ON work(assignee_said) WHERE assignee_said <> '';
CREATE INDEX work_article ON work(article_id, so);
CREATE INDEX work_speaker ON work(speaker, so);
CREATE INDEX work_recheck ON work(recheck_after) WHERE recheck_after <> '';
CREATE INDEX work_recheck_why ON work(recheck_why) WHERE recheck_why <> '';
CREATE INDEX work_queries ON work(claim_id) WHERE queries > 0;
CREATE INDEX work_urgency ON work(CASE priority WHEN 'urgent' THEN 0 WHEN 'later' THEN 2 ELSE 1 END, due_on = '', due_on, changed_at DESC, claim_id);
CREATE INDEX work_counts ON work(record, so, article_id, speaker, assignee, assignee_said, priority, said, waiting, writers, authors);
CREATE INDEX work_count_checks ON work(record, so, assignee, assignee_said, priority);
CREATE INDEX work_count_articles ON work(record, so, article_id);
CREATE INDEX work_count_speakers ON work(record, so, speaker);
CREATE INDEX work_flagged ON work(claim_id) WHERE findings > 0;
CREATE INDEX rests_on_by_key ON rests_on(subject, key);
CREATE INDEX publication_content ON publication(json_extract(body, '$.record.content_sha256'))
WHERE subject = 'document';
CREATE INDEX publication_text ON publication(json_extract(body, '$.record.editions[#-1].edition_sha256'))
WHERE subject = 'article';
CREATE TRIGGER earlier_people_once BEFORE INSERT ON earlier_people BEGIN
  SELECT RAISE(ABORT, 'earlier_people: append-only, it stands here already')
  WHERE EXISTS (SELECT 1 FROM earlier_people WHERE name = new.name);
END;
CREATE TRIGGER earlier_people_no_update BEFORE UPDATE ON earlier_people BEGIN SELECT RAISE(ABORT, 'earlier_people: append-only'); END;
CREATE TRIGGER earlier_people_no_delete BEFORE DELETE ON earlier_people BEGIN SELECT RAISE(ABORT, 'earlier_people: append-only'); END;
CREATE TRIGGER draft_hash AFTER INSERT ON draft BEGIN INSERT INTO row_hash VALUES ('draft', new.draft_id, hash_of_row(new.draft_id, new.subject, new.key, new.base_sha256, new.kind, new.author, new.reason, new.recorded_at, new.record, new.correction)); END;
CREATE TRIGGER publication_hash AFTER INSERT ON publication BEGIN INSERT INTO row_hash VALUES ('publication', new.number, hash_of_row(new.number, new.sha256, new.subject, new.key, new.revision, new.draft_id)); END;
CREATE TRIGGER text_hash AFTER INSERT ON text BEGIN INSERT INTO row_hash VALUES ('text', new.edition_sha256, hash_of_row(new.edition_sha256, new.article_id, new.origin, new.author, new.recorded_at)); END;
CREATE TRIGGER decision_hash AFTER INSERT ON decision BEGIN INSERT INTO row_hash VALUES ('decision', new.decision_id, hash_of_row(new.decision_id, new.article_id, new.edition_sha256, new.decided, new.quote_sha256, new.position, new.quote, new.claim_id, new.reason, new.author, new.recorded_at)); END;
CREATE TRIGGER act_hash AFTER INSERT ON act BEGIN INSERT INTO row_hash VALUES ('act', new.act_id, hash_of_row(new.act_id, new.action, new.claim_id, new.question, new.actor, new.reason, new.draft_id, new.detail, new.recorded_at)); END;
CREATE TRIGGER capture_hash AFTER INSERT ON capture BEGIN INSERT INTO row_hash VALUES ('capture', new.capture_id, hash_of_row(new.capture_id, new.document_id, new.name, new.final_address, new.status, new.headers, new.redirects, new.media_type, new.size, new.content_sha256, new.text_sha256, new.warc_sha256, new.fetched_at, new.author, new.recorded_at)); END;
CREATE TRIGGER excerpt_hash AFTER INSERT ON excerpt BEGIN INSERT INTO row_hash VALUES ('excerpt', new.excerpt_id, hash_of_row(new.excerpt_id, new.claim_id, new.document_id, new.capture_id, new.exact, new.position, new.quote, new.author, new.recorded_at)); END;
CREATE TRIGGER withheld_hash AFTER INSERT ON withheld BEGIN INSERT INTO row_hash VALUES ('withheld', new.document_id, hash_of_row(new.document_id, new.document, new.author, new.recorded_at)); END;
CREATE TRIGGER saving_hash AFTER INSERT ON saving BEGIN INSERT INTO row_hash VALUES ('saving', new.saving_id, hash_of_row(new.saving_id, new.capture_id, new.claim_id, new.author, new.recorded_at)); END;
CREATE TRIGGER foreign_review_hash AFTER INSERT ON foreign_review BEGIN INSERT INTO row_hash VALUES ('foreign_review', new.review_id, hash_of_row(new.review_id, new.url, new.publisher, new.claim_text, new.claimant, new.rating, new.reviewed_on, new.language, new.title, new.author, new.recorded_at)); END;
CREATE TRIGGER claim_review_hash AFTER INSERT ON claim_review BEGIN INSERT INTO row_hash VALUES ('claim_review', new.review_id, hash_of_row(new.review_id, new.review_sha256, new.record, new.origin, new.author, new.recorded_at)); END;
CREATE TRIGGER report_hash AFTER INSERT ON report BEGIN INSERT INTO row_hash VALUES ('report', new.report_id, hash_of_row(new.report_id, new.claim_id, new.text, new.recorded_at)); END;
CREATE TRIGGER report_contact_hash AFTER INSERT ON report_contact BEGIN INSERT INTO row_hash VALUES ('report_contact', new.report_id, hash_of_row(new.report_id, new.contact)); END;
CREATE TRIGGER report_contact_hash_changed AFTER UPDATE ON report_contact BEGIN DELETE FROM row_hash WHERE table_name = 'report_contact' AND key = old.report_id; INSERT INTO row_hash VALUES ('report_contact', new.report_id, hash_of_row(new.report_id, new.contact)); END;
CREATE TRIGGER report_contact_hash_gone AFTER DELETE ON report_contact BEGIN DELETE FROM row_hash WHERE table_name = 'report_contact' AND key = old.report_id; END;
CREATE TRIGGER report_event_hash AFTER INSERT ON report_event BEGIN INSERT INTO row_hash VALUES ('report_event', new.event_id, hash_of_row(new.event_id, new.report_id, new.event, new.reason, new.author, new.recorded_at)); END;
CREATE TRIGGER report_flagged_hash AFTER INSERT ON report_flagged BEGIN INSERT INTO row_hash VALUES ('report_flagged', new.report_id, hash_of_row(new.report_id)); END;
CREATE TRIGGER person_version_hash AFTER INSERT ON person_version BEGIN INSERT INTO row_hash VALUES ('person_version', new.version_id, hash_of_row(new.version_id, new.name, new.shown_name, new.roles, new.language, new.is_active, new.author, new.recorded_at)); END;
CREATE TRIGGER earlier_people_hash AFTER INSERT ON earlier_people BEGIN INSERT INTO row_hash VALUES ('earlier_people', new.name, hash_of_row(new.name, new.recorded_at)); END;
CREATE TRIGGER account_event_hash AFTER INSERT ON account_event BEGIN INSERT INTO row_hash VALUES ('account_event', new.event_id, hash_of_row(new.event_id, new.event, new.name, new.author, new.client_address, new.user_agent, new.recorded_at)); END;
CREATE TRIGGER password_hash AFTER INSERT ON password BEGIN INSERT INTO row_hash VALUES ('password', new.name, hash_of_row(new.name, new.hash, new.set_at)); END;
CREATE TRIGGER password_hash_changed AFTER UPDATE ON password BEGIN DELETE FROM row_hash WHERE table_name = 'password' AND key = old.name; INSERT INTO row_hash VALUES ('password', new.name, hash_of_row(new.name, new.hash, new.set_at)); END;
CREATE TRIGGER password_hash_gone AFTER DELETE ON password BEGIN DELETE FROM row_hash WHERE table_name = 'password' AND key = old.name; END;
CREATE TRIGGER credential_hash AFTER INSERT ON credential BEGIN INSERT INTO row_hash VALUES ('credential', new.token_sha256, hash_of_row(new.token_sha256, new.kind, new.name, new.label, new.author, new.issued_at, new.expires_at, new.used_at)); END;
CREATE TRIGGER credential_hash_changed AFTER UPDATE ON credential BEGIN DELETE FROM row_hash WHERE table_name = 'credential' AND key = old.token_sha256; INSERT INTO row_hash VALUES ('credential', new.token_sha256, hash_of_row(new.token_sha256, new.kind, new.name, new.label, new.author, new.issued_at, new.expires_at, new.used_at)); END;
CREATE TRIGGER credential_hash_gone AFTER DELETE ON credential BEGIN DELETE FROM row_hash WHERE table_name = 'credential' AND key = old.token_sha256; END;
CREATE TRIGGER checkpoint_once BEFORE INSERT ON checkpoint BEGIN
  SELECT RAISE(ABORT, 'checkpoint: append-only, it stands here already')
  WHERE EXISTS (SELECT 1 FROM checkpoint WHERE size = new.size);
END;
CREATE TRIGGER checkpoint_no_update BEFORE UPDATE ON checkpoint BEGIN SELECT RAISE(ABORT, 'checkpoint: append-only'); END;
CREATE TRIGGER checkpoint_no_delete BEFORE DELETE ON checkpoint BEGIN SELECT RAISE(ABORT, 'checkpoint: append-only'); END;
CREATE TRIGGER key_list_once BEFORE INSERT ON key_list BEGIN
  SELECT RAISE(ABORT, 'key_list: append-only, it stands here already')
  WHERE EXISTS (SELECT 1 FROM key_list WHERE number = new.number);
END;
CREATE TRIGGER key_list_no_update BEFORE UPDATE ON key_list BEGIN SELECT RAISE(ABORT, 'key_list: append-only'); END;
CREATE TRIGGER key_list_no_delete BEFORE DELETE ON key_list BEGIN SELECT RAISE(ABORT, 'key_list: append-only'); END;
CREATE INDEX person_address_of ON person_address(name, change_id);
CREATE TRIGGER person_address_next BEFORE INSERT ON person_address BEGIN
  SELECT RAISE(ABORT, 'person_address: append-only, the next number is demanded')
  WHERE new.change_id IS NOT (SELECT coalesce(max(change_id), 0) + 1 FROM person_address);
END;
CREATE TRIGGER person_address_no_delete BEFORE DELETE ON person_address BEGIN SELECT RAISE(ABORT, 'person_address: append-only'); END;
CREATE TRIGGER person_address_hash AFTER INSERT ON person_address BEGIN INSERT INTO row_hash VALUES ('person_address', new.change_id, hash_of_row(new.change_id, new.name, new.address, new.author, new.recorded_at)); END;
CREATE TRIGGER account_event_no_update BEFORE UPDATE ON account_event WHEN NOT (new.event_id IS old.event_id AND new.event IS old.event AND new.name IS old.name AND new.author IS old.author AND new.recorded_at IS old.recorded_at AND new.client_address IS NULL AND new.user_agent IS NULL)
BEGIN SELECT RAISE(ABORT, 'account_event: append-only'); END;
CREATE TRIGGER account_event_hash_changed AFTER UPDATE ON account_event BEGIN DELETE FROM row_hash WHERE table_name = 'account_event' AND key = old.event_id; INSERT INTO row_hash VALUES ('account_event', new.event_id, hash_of_row(new.event_id, new.event, new.name, new.author, new.client_address, new.user_agent, new.recorded_at)); END;
CREATE TRIGGER person_version_no_update BEFORE UPDATE ON person_version WHEN NOT (new.version_id IS old.version_id AND new.name IS old.name AND new.roles IS old.roles AND new.language IS old.language AND new.is_active IS old.is_active AND new.author IS old.author AND new.recorded_at IS old.recorded_at AND new.shown_name IS old.name)
BEGIN SELECT RAISE(ABORT, 'person_version: append-only'); END;
CREATE TRIGGER person_version_hash_changed AFTER UPDATE ON person_version BEGIN DELETE FROM row_hash WHERE table_name = 'person_version' AND key = old.version_id; INSERT INTO row_hash VALUES ('person_version', new.version_id, hash_of_row(new.version_id, new.name, new.shown_name, new.roles, new.language, new.is_active, new.author, new.recorded_at)); END;
CREATE TRIGGER person_address_no_update BEFORE UPDATE ON person_address WHEN NOT (new.change_id IS old.change_id AND new.name IS old.name AND new.author IS old.author AND new.recorded_at IS old.recorded_at AND new.address IS '')
BEGIN SELECT RAISE(ABORT, 'person_address: append-only'); END;
CREATE TRIGGER person_address_hash_changed AFTER UPDATE ON person_address BEGIN DELETE FROM row_hash WHERE table_name = 'person_address' AND key = old.change_id; INSERT INTO row_hash VALUES ('person_address', new.change_id, hash_of_row(new.change_id, new.name, new.address, new.author, new.recorded_at)); END;
CREATE TRIGGER report_no_update BEFORE UPDATE ON report WHEN NOT (new.report_id IS old.report_id AND new.claim_id IS old.claim_id AND new.recorded_at IS old.recorded_at AND new.text IS '[erased]')
BEGIN SELECT RAISE(ABORT, 'report: append-only'); END;
CREATE TRIGGER report_hash_changed AFTER UPDATE ON report BEGIN DELETE FROM row_hash WHERE table_name = 'report' AND key = old.report_id; INSERT INTO row_hash VALUES ('report', new.report_id, hash_of_row(new.report_id, new.claim_id, new.text, new.recorded_at)); END;
CREATE INDEX notice_of ON notice(name, notice_id);
CREATE INDEX notice_at ON notice(made_at);
CREATE INDEX notice_waiting ON notice(next_try_at) WHERE mail = 'waiting';
CREATE TRIGGER notice_choice_hash AFTER INSERT ON notice_choice BEGIN INSERT INTO row_hash VALUES ('notice_choice', new.name, hash_of_row(new.name, new.feed_sha256, new.by_mail, new.changed_at)); END;
CREATE TRIGGER notice_choice_hash_changed AFTER UPDATE ON notice_choice BEGIN DELETE FROM row_hash WHERE table_name = 'notice_choice' AND key = old.name; INSERT INTO row_hash VALUES ('notice_choice', new.name, hash_of_row(new.name, new.feed_sha256, new.by_mail, new.changed_at)); END;
CREATE TRIGGER notice_choice_hash_gone AFTER DELETE ON notice_choice BEGIN DELETE FROM row_hash WHERE table_name = 'notice_choice' AND key = old.name; END;
CREATE INDEX model_request_of ON model_request(article_id, task, input_sha256);
CREATE INDEX model_request_on ON model_request(claim_id) WHERE claim_id IS NOT NULL;
CREATE INDEX model_request_at ON model_request(recorded_at);
CREATE TRIGGER model_request_next BEFORE INSERT ON model_request BEGIN
  SELECT RAISE(ABORT, 'model_request: append-only, the next number is demanded')
  WHERE new.request_id IS NOT (SELECT coalesce(max(request_id), 0) + 1 FROM model_request);
END;
CREATE TRIGGER model_request_no_update BEFORE UPDATE ON model_request BEGIN SELECT RAISE(ABORT, 'model_request: append-only'); END;
CREATE TRIGGER model_request_no_delete BEFORE DELETE ON model_request BEGIN SELECT RAISE(ABORT, 'model_request: append-only'); END;
CREATE TRIGGER model_answer_once BEFORE INSERT ON model_answer BEGIN
  SELECT RAISE(ABORT, 'model_answer: append-only, it stands here already')
  WHERE EXISTS (SELECT 1 FROM model_answer WHERE request_id = new.request_id);
END;
CREATE TRIGGER model_answer_no_update BEFORE UPDATE ON model_answer BEGIN SELECT RAISE(ABORT, 'model_answer: append-only'); END;
CREATE TRIGGER model_answer_no_delete BEFORE DELETE ON model_answer BEGIN SELECT RAISE(ABORT, 'model_answer: append-only'); END;
CREATE INDEX suggestion_of ON suggestion(request_id, position);
CREATE TRIGGER suggestion_next BEFORE INSERT ON suggestion BEGIN
  SELECT RAISE(ABORT, 'suggestion: append-only, the next number is demanded')
  WHERE new.suggestion_id IS NOT (SELECT coalesce(max(suggestion_id), 0) + 1 FROM suggestion);
END;
CREATE TRIGGER suggestion_no_update BEFORE UPDATE ON suggestion BEGIN SELECT RAISE(ABORT, 'suggestion: append-only'); END;
CREATE TRIGGER suggestion_no_delete BEFORE DELETE ON suggestion BEGIN SELECT RAISE(ABORT, 'suggestion: append-only'); END;
CREATE INDEX suggestion_decision_of ON suggestion_decision(suggestion_id, decision_id);
CREATE TRIGGER suggestion_decision_next BEFORE INSERT ON suggestion_decision BEGIN
  SELECT RAISE(ABORT, 'suggestion_decision: append-only, the next number is demanded')
  WHERE new.decision_id IS NOT (SELECT coalesce(max(decision_id), 0) + 1 FROM suggestion_decision);
END;
CREATE TRIGGER suggestion_decision_no_update BEFORE UPDATE ON suggestion_decision BEGIN SELECT RAISE(ABORT, 'suggestion_decision: append-only'); END;
CREATE TRIGGER suggestion_decision_no_delete BEFORE DELETE ON suggestion_decision BEGIN SELECT RAISE(ABORT, 'suggestion_decision: append-only'); END;
CREATE TRIGGER model_request_hash AFTER INSERT ON model_request BEGIN INSERT INTO row_hash VALUES ('model_request', new.request_id, hash_of_row(new.request_id, new.article_id, new.claim_id, new.document_id, new.task, new.language, new.suggester, new.model, new.key_sha256, new.prompt_sha256, new.input_sha256, new.most_tokens, new.most_cost, new.currency, new.author, new.recorded_at)); END;
CREATE TRIGGER model_answer_hash AFTER INSERT ON model_answer BEGIN INSERT INTO row_hash VALUES ('model_answer', new.request_id, hash_of_row(new.request_id, new.outcome, new.model, new.tokens_in, new.tokens_out, new.is_estimated, new.cost, new.milliseconds, new.recorded_at)); END;
CREATE TRIGGER answer_text_hash AFTER INSERT ON answer_text BEGIN INSERT INTO row_hash VALUES ('answer_text', new.request_id, hash_of_row(new.request_id, new.text)); END;
CREATE TRIGGER answer_text_hash_changed AFTER UPDATE ON answer_text BEGIN DELETE FROM row_hash WHERE table_name = 'answer_text' AND key = old.request_id; INSERT INTO row_hash VALUES ('answer_text', new.request_id, hash_of_row(new.request_id, new.text)); END;
CREATE TRIGGER answer_text_hash_gone AFTER DELETE ON answer_text BEGIN DELETE FROM row_hash WHERE table_name = 'answer_text' AND key = old.request_id; END;
CREATE TRIGGER suggestion_hash AFTER INSERT ON suggestion BEGIN INSERT INTO row_hash VALUES ('suggestion', new.suggestion_id, hash_of_row(new.suggestion_id, new.request_id, new.position, new.state, new.reasons)); END;
CREATE TRIGGER suggestion_decision_hash AFTER INSERT ON suggestion_decision BEGIN INSERT INTO row_hash VALUES ('suggestion_decision', new.decision_id, hash_of_row(new.decision_id, new.suggestion_id, new.choice, new.claim_id, new.author, new.recorded_at)); END;
DELETE FROM "sqlite_sequence";
COMMIT;

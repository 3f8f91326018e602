CREATE TABLE "claims" (
  "claim_id" TEXT NOT NULL,
  "statement_en" TEXT,
  "statement_ko" TEXT,
  "kind" TEXT NOT NULL,
  "speaker" TEXT REFERENCES "speakers" ("speaker"),
  "speaker_role" TEXT,
  "speaker_organization" TEXT,
  "speaker_is_anonymous" INTEGER NOT NULL,
  "attribution" TEXT NOT NULL,
  "source" TEXT NOT NULL REFERENCES "sources" ("source"),
  "source_kind" TEXT NOT NULL,
  "amount" ANY,
  "unit" TEXT,
  "currency" TEXT,
  "comparator" TEXT,
  "amount_text" TEXT,
  "topic" TEXT NOT NULL,
  "topics" TEXT NOT NULL,
  "article" TEXT NOT NULL REFERENCES "articles" ("article"),
  "said_on" TEXT,
  "about_on" TEXT,
  "verification_status" TEXT NOT NULL,
  "attribution_status" TEXT,
  "reason_en" TEXT,
  "reason_ko" TEXT,
  "is_corrected" INTEGER NOT NULL,
  "revision_count" INTEGER NOT NULL,
  "first_recorded_at" TEXT NOT NULL,
  "last_recorded_at" TEXT NOT NULL,
  "last_actor" TEXT NOT NULL,
  "note_en" TEXT,
  "note_ko" TEXT,
  "waived" TEXT,
  "machine_wording" TEXT,
  "record_state" TEXT NOT NULL,
  PRIMARY KEY ("claim_id")
) STRICT;
CREATE INDEX "claims_by_speaker" ON "claims" ("speaker");
CREATE INDEX "claims_by_source" ON "claims" ("source");
CREATE INDEX "claims_by_article" ON "claims" ("article");
CREATE INDEX "claims_by_speaker_organization" ON "claims" ("speaker_organization");
CREATE INDEX "claims_by_currency" ON "claims" ("currency");
CREATE INDEX "claims_by_verification_status_and_kind" ON "claims" ("verification_status", "kind");
CREATE INDEX "claims_by_verification_status_and_speaker" ON "claims" ("verification_status", "speaker");
CREATE INDEX "claims_by_verification_status_and_speaker_organization" ON "claims" ("verification_status", "speaker_organization");
CREATE INDEX "claims_by_verification_status_and_attribution" ON "claims" ("verification_status", "attribution");
CREATE INDEX "claims_by_verification_status_and_currency" ON "claims" ("verification_status", "currency");
CREATE INDEX "claims_by_verification_status_and_last_recorded_at" ON "claims" ("verification_status", "last_recorded_at");
CREATE INDEX "claims_by_kind_and_verification_status" ON "claims" ("kind", "verification_status");
CREATE INDEX "claims_by_kind_and_speaker" ON "claims" ("kind", "speaker");
CREATE INDEX "claims_by_kind_and_speaker_organization" ON "claims" ("kind", "speaker_organization");
CREATE INDEX "claims_by_kind_and_attribution" ON "claims" ("kind", "attribution");
CREATE INDEX "claims_by_kind_and_currency" ON "claims" ("kind", "currency");
CREATE INDEX "claims_by_kind_and_last_recorded_at" ON "claims" ("kind", "last_recorded_at");
CREATE INDEX "claims_by_attribution_and_verification_status" ON "claims" ("attribution", "verification_status");
CREATE INDEX "claims_by_attribution_and_kind" ON "claims" ("attribution", "kind");
CREATE INDEX "claims_by_attribution_and_speaker" ON "claims" ("attribution", "speaker");
CREATE INDEX "claims_by_attribution_and_speaker_organization" ON "claims" ("attribution", "speaker_organization");
CREATE INDEX "claims_by_attribution_and_currency" ON "claims" ("attribution", "currency");
CREATE INDEX "claims_by_attribution_and_last_recorded_at" ON "claims" ("attribution", "last_recorded_at");
CREATE INDEX "claims_by_last_recorded_at" ON "claims" ("last_recorded_at");
CREATE INDEX "claims_by_speaker_is_anonymous" ON "claims" ("speaker_is_anonymous");
CREATE INDEX "claims_by_verification_status_and_first_recorded_at" ON "claims" ("verification_status", "first_recorded_at");
CREATE INDEX "claims_by_attribution_status_and_record_state" ON "claims" ("attribution_status", "record_state");
CREATE TABLE "quantities" (
  "claim_id" TEXT NOT NULL REFERENCES "claims" ("claim_id"),
  "position" INTEGER NOT NULL,
  "amount" ANY,
  "low" ANY,
  "high" ANY,
  "unit" TEXT,
  "currency" TEXT,
  "comparator" TEXT,
  "direction" TEXT,
  "amount_text" TEXT,
  "fact_en" TEXT,
  "fact_ko" TEXT,
  PRIMARY KEY ("claim_id", "position")
) STRICT, WITHOUT ROWID;
CREATE INDEX "quantities_by_currency" ON "quantities" ("currency");
CREATE INDEX "quantities_by_unit" ON "quantities" ("unit");
CREATE INDEX "quantities_by_comparator" ON "quantities" ("comparator");
CREATE INDEX "quantities_by_fact_en" ON "quantities" ("fact_en");
CREATE INDEX "quantities_by_fact_ko" ON "quantities" ("fact_ko");
CREATE TABLE "topics" (
  "claim_id" TEXT NOT NULL REFERENCES "claims" ("claim_id"),
  "topic" TEXT NOT NULL,
  "verification_status" TEXT,
  PRIMARY KEY ("claim_id", "topic")
) STRICT, WITHOUT ROWID;
CREATE INDEX "topics_by_topic" ON "topics" ("topic");
CREATE INDEX "topics_by_topic_and_verification_status" ON "topics" ("topic", "verification_status");
CREATE TABLE "appearances" (
  "claim_id" TEXT NOT NULL REFERENCES "claims" ("claim_id"),
  "edition_sha256" TEXT NOT NULL,
  "place" INTEGER NOT NULL,
  "article" TEXT NOT NULL REFERENCES "articles" ("article"),
  "start" INTEGER NOT NULL,
  "end" INTEGER NOT NULL,
  "quote" TEXT,
  "quote_length" INTEGER NOT NULL,
  "quote_sha256" TEXT NOT NULL,
  "record_state" TEXT NOT NULL,
  PRIMARY KEY ("claim_id", "edition_sha256", "place")
) STRICT, WITHOUT ROWID;
CREATE INDEX "appearances_by_article" ON "appearances" ("article");
CREATE INDEX "appearances_by_edition_sha256_and_start_and_end" ON "appearances" ("edition_sha256", "start", "end");
CREATE TABLE "verdicts" (
  "claim_id" TEXT NOT NULL REFERENCES "claims" ("claim_id"),
  "question" TEXT NOT NULL,
  "value" TEXT NOT NULL,
  "rationale_en" TEXT,
  "rationale_ko" TEXT,
  "as_of" TEXT NOT NULL,
  "recheck_after" TEXT,
  "searched_en" TEXT,
  "searched_ko" TEXT,
  PRIMARY KEY ("claim_id", "question")
) STRICT, WITHOUT ROWID;
CREATE INDEX "verdicts_by_question" ON "verdicts" ("question");
CREATE INDEX "verdicts_by_value" ON "verdicts" ("value");
CREATE TABLE "evidence" (
  "claim_id" TEXT NOT NULL REFERENCES "claims" ("claim_id"),
  "position" INTEGER NOT NULL,
  "document_id" TEXT NOT NULL REFERENCES "documents" ("document_id"),
  "stance" TEXT NOT NULL,
  "summary_en" TEXT,
  "summary_ko" TEXT,
  "excerpt" TEXT,
  "passage_place_en" TEXT,
  "passage_place_ko" TEXT,
  "passage_printed" TEXT,
  "passage_length" INTEGER,
  "passage_sha256" TEXT,
  "passage_seen_on" TEXT,
  PRIMARY KEY ("claim_id", "position")
) STRICT, WITHOUT ROWID;
CREATE INDEX "evidence_by_document_id" ON "evidence" ("document_id");
CREATE INDEX "evidence_by_stance" ON "evidence" ("stance");
CREATE TABLE "relations" (
  "claim_id" TEXT NOT NULL REFERENCES "claims" ("claim_id"),
  "position" INTEGER NOT NULL,
  "relation" TEXT NOT NULL,
  "earlier_claim_id" TEXT NOT NULL REFERENCES "claims" ("claim_id"),
  PRIMARY KEY ("claim_id", "position")
) STRICT, WITHOUT ROWID;
CREATE INDEX "relations_by_earlier_claim_id" ON "relations" ("earlier_claim_id");
CREATE INDEX "relations_by_relation" ON "relations" ("relation");
CREATE TABLE "documents" (
  "document_id" TEXT NOT NULL,
  "title" TEXT NOT NULL,
  "title_ko" TEXT,
  "medium" TEXT NOT NULL,
  "tier" TEXT NOT NULL,
  "publisher" TEXT,
  "language" TEXT,
  "published_on" TEXT,
  "address" TEXT,
  "archived_address" TEXT,
  "obtained_at" TEXT,
  "opened_on" TEXT,
  "not_opened_since" TEXT,
  "extent_seen" TEXT,
  "mirror_of" TEXT,
  "captured" TEXT NOT NULL,
  "content_sha256" TEXT,
  "derives_from" TEXT,
  "claim_count" INTEGER NOT NULL,
  "record_state" TEXT NOT NULL,
  PRIMARY KEY ("document_id")
) STRICT, WITHOUT ROWID;
CREATE INDEX "documents_by_medium" ON "documents" ("medium");
CREATE INDEX "documents_by_tier" ON "documents" ("tier");
CREATE INDEX "documents_by_captured" ON "documents" ("captured");
CREATE TABLE "findings" (
  "claim_id" TEXT NOT NULL REFERENCES "claims" ("claim_id"),
  "position" INTEGER NOT NULL,
  "code" TEXT NOT NULL,
  "severity" TEXT NOT NULL,
  "computed_en" TEXT NOT NULL,
  "computed_ko" TEXT NOT NULL,
  "field" TEXT NOT NULL,
  "is_waived" INTEGER NOT NULL,
  "other_claim_id" TEXT REFERENCES "claims" ("claim_id"),
  "document_id" TEXT REFERENCES "documents" ("document_id"),
  PRIMARY KEY ("claim_id", "position")
) STRICT, WITHOUT ROWID;
CREATE INDEX "findings_by_other_claim_id" ON "findings" ("other_claim_id");
CREATE INDEX "findings_by_document_id" ON "findings" ("document_id");
CREATE INDEX "findings_by_severity" ON "findings" ("severity");
CREATE INDEX "findings_by_code" ON "findings" ("code");
CREATE INDEX "findings_by_is_waived" ON "findings" ("is_waived");
CREATE TABLE "corrections" (
  "id" INTEGER NOT NULL,
  "subject" TEXT NOT NULL,
  "key" TEXT NOT NULL,
  "claim_id" TEXT REFERENCES "claims" ("claim_id"),
  "revision" INTEGER NOT NULL,
  "kind" TEXT NOT NULL,
  "field" TEXT NOT NULL,
  "before" TEXT,
  "after" TEXT,
  "public_note_en" TEXT,
  "public_note_ko" TEXT,
  "reason" TEXT NOT NULL,
  "actor" TEXT NOT NULL,
  "approver" TEXT NOT NULL,
  "recorded_at" TEXT NOT NULL,
  PRIMARY KEY ("id")
) STRICT;
CREATE INDEX "corrections_by_claim_id" ON "corrections" ("claim_id");
CREATE INDEX "corrections_by_kind" ON "corrections" ("kind");
CREATE INDEX "corrections_by_field" ON "corrections" ("field");
CREATE TABLE "history" (
  "id" INTEGER NOT NULL,
  "subject" TEXT NOT NULL,
  "key" TEXT NOT NULL,
  "claim_id" TEXT REFERENCES "claims" ("claim_id"),
  "revision" INTEGER NOT NULL,
  "kind" TEXT NOT NULL,
  "field" TEXT NOT NULL,
  "before" TEXT,
  "after" TEXT,
  "actor" TEXT NOT NULL,
  "approver" TEXT NOT NULL,
  "reason" TEXT NOT NULL,
  "recorded_at" TEXT NOT NULL,
  "sha256" TEXT NOT NULL,
  PRIMARY KEY ("id")
) STRICT;
CREATE INDEX "history_by_claim_id" ON "history" ("claim_id");
CREATE INDEX "history_by_subject" ON "history" ("subject");
CREATE INDEX "history_by_kind" ON "history" ("kind");
CREATE INDEX "history_by_actor" ON "history" ("actor");
CREATE TABLE "articles" (
  "article" TEXT NOT NULL,
  "headline" TEXT NOT NULL,
  "headline_ko" TEXT,
  "publisher" TEXT NOT NULL,
  "issue" TEXT,
  "published_on" TEXT NOT NULL,
  "language" TEXT NOT NULL,
  "section" TEXT,
  "authors" TEXT,
  "translators" TEXT,
  "original_publisher" TEXT,
  "original_published_on" TEXT,
  "address" TEXT,
  "rights_holder" TEXT NOT NULL,
  "claim_count" INTEGER NOT NULL,
  "record_state" TEXT NOT NULL,
  PRIMARY KEY ("article")
) STRICT, WITHOUT ROWID;
CREATE INDEX "articles_by_publisher" ON "articles" ("publisher");
CREATE TABLE "editions" (
  "article" TEXT NOT NULL REFERENCES "articles" ("article"),
  "edition_sha256" TEXT NOT NULL,
  "position" INTEGER NOT NULL,
  "length" INTEGER NOT NULL,
  "dismissed_count" INTEGER NOT NULL,
  PRIMARY KEY ("article", "edition_sha256")
) STRICT, WITHOUT ROWID;
CREATE TABLE "edition_texts" (
  "article" TEXT NOT NULL REFERENCES "articles" ("article"),
  "edition_sha256" TEXT NOT NULL,
  "text" TEXT NOT NULL,
  PRIMARY KEY ("article", "edition_sha256")
) STRICT, WITHOUT ROWID;
CREATE TABLE "speakers" (
  "speaker" TEXT NOT NULL,
  "name_ko" TEXT,
  "other_names" TEXT,
  "kind" TEXT NOT NULL,
  "is_anonymous" INTEGER NOT NULL,
  "roles" TEXT,
  "organizations" TEXT,
  "claim_count" INTEGER NOT NULL,
  PRIMARY KEY ("speaker")
) STRICT, WITHOUT ROWID;
CREATE INDEX "speakers_by_kind" ON "speakers" ("kind");
CREATE INDEX "speakers_by_claim_count" ON "speakers" ("claim_count");
CREATE TABLE "sources" (
  "source" TEXT NOT NULL,
  "name_ko" TEXT,
  "kind" TEXT NOT NULL,
  "published_on" TEXT,
  "address" TEXT,
  "claim_count" INTEGER NOT NULL,
  PRIMARY KEY ("source")
) STRICT, WITHOUT ROWID;
CREATE INDEX "sources_by_kind" ON "sources" ("kind");
CREATE TABLE "alias" (
  "alias_id" TEXT NOT NULL,
  "kind" TEXT NOT NULL,
  "note_en" TEXT,
  "note_ko" TEXT,
  "record_state" TEXT NOT NULL,
  PRIMARY KEY ("alias_id")
) STRICT, WITHOUT ROWID;
CREATE INDEX "alias_by_kind" ON "alias" ("kind");
CREATE TABLE "alias_name" (
  "alias_id" TEXT NOT NULL REFERENCES "alias" ("alias_id"),
  "position" INTEGER NOT NULL,
  "name" TEXT NOT NULL,
  "language" TEXT,
  "search_key" TEXT NOT NULL,
  PRIMARY KEY ("alias_id", "position")
) STRICT, WITHOUT ROWID;
CREATE INDEX "alias_name_by_search_key" ON "alias_name" ("search_key");
CREATE TABLE "earlier_checks" (
  "earlier_check_id" TEXT NOT NULL,
  "import_id" TEXT NOT NULL,
  "publisher" TEXT NOT NULL,
  "publisher_ko" TEXT,
  "claim" TEXT NOT NULL,
  "language" TEXT,
  "speaker" TEXT,
  "said_on" TEXT,
  "rating" TEXT NOT NULL,
  "rating_scale" TEXT,
  "address" TEXT,
  "checked_on" TEXT,
  "headline" TEXT,
  "summary" TEXT,
  "topics" TEXT NOT NULL,
  "record_state" TEXT NOT NULL,
  PRIMARY KEY ("earlier_check_id")
) STRICT;
CREATE INDEX "earlier_checks_by_rating" ON "earlier_checks" ("rating");
CREATE INDEX "earlier_checks_by_language" ON "earlier_checks" ("language");
CREATE INDEX "earlier_checks_by_import_id" ON "earlier_checks" ("import_id");
CREATE INDEX "earlier_checks_by_publisher_and_rating" ON "earlier_checks" ("publisher", "rating");
CREATE INDEX "earlier_checks_by_publisher_and_language" ON "earlier_checks" ("publisher", "language");
CREATE INDEX "earlier_checks_by_publisher_and_import_id" ON "earlier_checks" ("publisher", "import_id");
CREATE INDEX "earlier_checks_by_checked_on" ON "earlier_checks" ("checked_on");
CREATE INDEX "earlier_checks_by_publisher_and_checked_on" ON "earlier_checks" ("publisher", "checked_on");
CREATE INDEX "earlier_checks_by_rating_and_checked_on" ON "earlier_checks" ("rating", "checked_on");
CREATE INDEX "earlier_checks_by_language_and_checked_on" ON "earlier_checks" ("language", "checked_on");
CREATE TABLE "revision" (
  "number" INTEGER NOT NULL,
  "sha256" TEXT NOT NULL,
  "subject" TEXT NOT NULL,
  "key" TEXT NOT NULL,
  "revision" INTEGER NOT NULL,
  "kind" TEXT NOT NULL,
  "recorded_at" TEXT NOT NULL,
  "actor" TEXT NOT NULL,
  "approver" TEXT NOT NULL,
  "body" TEXT,
  PRIMARY KEY ("number")
) STRICT;
CREATE INDEX "revision_by_subject" ON "revision" ("subject");
CREATE INDEX "revision_by_kind" ON "revision" ("kind");
CREATE INDEX "revision_by_actor" ON "revision" ("actor");
CREATE INDEX "revision_by_subject_and_key_and_revision" ON "revision" ("subject", "key", "revision");
CREATE INDEX "revision_by_subject_and_kind" ON "revision" ("subject", "kind");
CREATE TABLE "vocabulary" (
  "vocabulary" TEXT NOT NULL,
  "value" TEXT NOT NULL,
  "label_en" TEXT NOT NULL,
  "label_ko" TEXT NOT NULL,
  "meaning" TEXT NOT NULL,
  PRIMARY KEY ("vocabulary", "value")
) STRICT, WITHOUT ROWID;
CREATE TABLE "about" (
  "name" TEXT NOT NULL,
  "value" TEXT NOT NULL,
  PRIMARY KEY ("name")
) STRICT, WITHOUT ROWID;
CREATE TABLE "tallies" (
  "name" TEXT NOT NULL,
  "key" TEXT NOT NULL,
  "text" TEXT NOT NULL,
  "number" INTEGER NOT NULL,
  PRIMARY KEY ("name", "key", "text")
) STRICT, WITHOUT ROWID;
CREATE TABLE "status_changes" (
  "number" INTEGER NOT NULL,
  "status" TEXT NOT NULL,
  "claims" INTEGER NOT NULL,
  PRIMARY KEY ("number", "status")
) STRICT, WITHOUT ROWID;
CREATE TABLE "correction_times" (
  "number" INTEGER NOT NULL,
  "milliseconds" INTEGER NOT NULL,
  PRIMARY KEY ("number")
) STRICT;
CREATE INDEX "correction_times_by_milliseconds" ON "correction_times" ("milliseconds");
CREATE TABLE "silent_edits" (
  "claim_id" TEXT NOT NULL REFERENCES "claims" ("claim_id"),
  "revision" INTEGER NOT NULL,
  PRIMARY KEY ("claim_id", "revision")
) STRICT, WITHOUT ROWID;
CREATE TABLE "fact_figures" (
  "fact" TEXT NOT NULL,
  "number" INTEGER NOT NULL,
  "position" INTEGER NOT NULL,
  "claim_id" TEXT NOT NULL,
  PRIMARY KEY ("fact", "number", "position")
) STRICT, WITHOUT ROWID;
CREATE TABLE "table_sums" (
  "name" TEXT NOT NULL,
  "row_count" INTEGER NOT NULL,
  "sum" TEXT NOT NULL,
  PRIMARY KEY ("name")
) STRICT, WITHOUT ROWID;
CREATE TABLE "log_frontier" (
  "level" INTEGER NOT NULL,
  "sha256" TEXT NOT NULL,
  PRIMARY KEY ("level")
) STRICT;
CREATE VIRTUAL TABLE claims_fts USING fts5(grams, content='', tokenize='unicode61 remove_diacritics 0');
CREATE VIRTUAL TABLE earlier_checks_fts USING fts5(grams, content='', tokenize='unicode61 remove_diacritics 0');

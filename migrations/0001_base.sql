-- Base: what the store, outbox, jobs and audit need. Conventions for every later file: STRICT tables, INTEGER keys inside,
-- times in ms UTC (…_ms), days since the epoch, money in nano-dollars (…_nano), public ids only where they are shown.

CREATE TABLE meta (
  key   TEXT PRIMARY KEY NOT NULL,
  value TEXT NOT NULL
) STRICT;

-- The newest moment any commit was made at; time never runs backwards, not even across restarts.
CREATE TABLE last_commit (
  id    INTEGER PRIMARY KEY CHECK (id = 1),
  at_ms INTEGER NOT NULL CHECK (at_ms >= 0)
) STRICT;
INSERT INTO last_commit (id, at_ms) VALUES (1, 0);

-- What must leave the house (mail, webhooks) is written in the same commit as its cause, and delivered at least once.
CREATE TABLE outbox (
  id          INTEGER PRIMARY KEY,
  public_id   TEXT NOT NULL UNIQUE,
  topic       TEXT NOT NULL,
  subject     TEXT NOT NULL,
  payload     TEXT NOT NULL CHECK (json_valid(payload)),
  created_ms  INTEGER NOT NULL,
  due_ms      INTEGER NOT NULL,
  tries       INTEGER NOT NULL DEFAULT 0 CHECK (tries >= 0),
  state       TEXT NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'done', 'dead')),
  last_error  TEXT
) STRICT;
CREATE INDEX outbox_due ON outbox (due_ms, id) WHERE state = 'waiting';
CREATE INDEX outbox_over ON outbox (state, created_ms) WHERE state <> 'waiting';
CREATE INDEX outbox_order ON outbox (topic, subject, id) WHERE state = 'waiting';

CREATE TABLE jobs (
  name        TEXT PRIMARY KEY NOT NULL,
  last_run_ms INTEGER,
  last_ok_ms  INTEGER,
  last_error  TEXT
) STRICT;

-- What an operator changed of the settings that the code declares; what is not here is at its default.
CREATE TABLE settings (
  key        TEXT PRIMARY KEY NOT NULL CHECK (key GLOB '[a-z]*.[a-z]*'),
  value      TEXT NOT NULL CHECK (json_valid(value)),
  changed_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE audit_log (
  id           INTEGER PRIMARY KEY,
  at_ms        INTEGER NOT NULL,
  actor        TEXT NOT NULL,
  on_behalf_of TEXT,
  request_id   TEXT NOT NULL,
  reason       TEXT NOT NULL,
  action       TEXT NOT NULL,
  subject      TEXT NOT NULL,
  before       TEXT CHECK (before IS NULL OR json_valid(before)),
  after        TEXT CHECK (after IS NULL OR json_valid(after))
) STRICT;
CREATE INDEX audit_log_subject ON audit_log (subject, id);
CREATE INDEX audit_log_actor ON audit_log (actor, id);
CREATE INDEX audit_log_action ON audit_log (action, id);
CREATE INDEX audit_log_actor_action ON audit_log (actor, action, id);
CREATE TRIGGER audit_log_no_update BEFORE UPDATE ON audit_log BEGIN SELECT RAISE(ABORT, 'audit_log is append-only'); END;
CREATE TRIGGER audit_log_no_delete BEFORE DELETE ON audit_log BEGIN SELECT RAISE(ABORT, 'audit_log is append-only'); END;

-- Limits (SPEC KE-2): how much somebody may ask for and spend. A rule says how much of what; a counter says how much of it is used.
-- Windows of a second and a minute and calls under way are counted in memory; everything longer, and what is spent, is a row.
CREATE TABLE limit_rules (
  id         INTEGER PRIMARY KEY,
  public_id  TEXT NOT NULL UNIQUE,
  -- Whose calls are counted: each person's (everybody, plan, user), a key's (key, owner), or a person's through one app (app, app_user).
  level      TEXT NOT NULL CHECK (level IN ('everybody', 'plan', 'user', 'key', 'owner', 'app', 'app_user')),
  -- '' for everybody; a plan's code; the id of a person, a key or an app; `app:person`.
  subject    TEXT NOT NULL CHECK ((level = 'everybody') = (subject = '') AND length(subject) <= 60),
  kind       TEXT NOT NULL CHECK (kind IN ('requests_second', 'requests_minute', 'requests_hour', 'requests_day', 'tokens_minute',
               'tokens_request', 'concurrent', 'spend_day', 'spend_week', 'spend_month', 'spend_total')),
  -- Requests, tokens, calls, or n$. 0 lets nothing through.
  amount     INTEGER NOT NULL CHECK (amount >= 0),
  created_ms INTEGER NOT NULL,
  updated_ms INTEGER NOT NULL,
  UNIQUE (level, subject, kind)
) STRICT;

-- used + held is never above the limit that let it in. Requests hold nothing: they are used when they are admitted.
CREATE TABLE limit_counts (
  id       INTEGER PRIMARY KEY,
  -- `user:12`, `key:7`, `app:3:12`.
  subject  TEXT NOT NULL,
  kind     TEXT NOT NULL,
  -- Of the window, UTC; 0 for what never ends.
  start_ms INTEGER NOT NULL,
  end_ms   INTEGER NOT NULL CHECK (end_ms > start_ms),
  used     INTEGER NOT NULL CHECK (used >= 0),
  held     INTEGER NOT NULL CHECK (held >= 0),
  UNIQUE (subject, kind, start_ms)
) STRICT;
CREATE INDEX limit_counts_by_end ON limit_counts (end_ms);

CREATE INDEX limit_counts_held ON limit_counts (id) WHERE held > 0;

-- Calls that lost their process, noted before the books settle them: what they held becomes what they were charged. Empty while the
-- server runs.
CREATE TABLE limit_holds (
  call_id  TEXT NOT NULL,
  count_id INTEGER NOT NULL REFERENCES limit_counts (id),
  PRIMARY KEY (call_id, count_id)
) STRICT, WITHOUT ROWID;
CREATE VIEW v_ledger_open_calls AS
  SELECT h.call_id, h.caller_id, h.client_id, h.key_id, a.mode, h.created_ms FROM open_holds h JOIN accounts a ON a.id = h.account_id;

-- How often each rule refused on a UTC day. Gathered in memory and written together.
CREATE TABLE limit_hits (
  rule_id INTEGER NOT NULL REFERENCES limit_rules (id),
  day     INTEGER NOT NULL,
  hits    INTEGER NOT NULL CHECK (hits > 0),
  PRIMARY KEY (rule_id, day)
) STRICT, WITHOUT ROWID;
CREATE INDEX limit_hits_by_day ON limit_hits (day);

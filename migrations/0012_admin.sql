-- What the admin's pages stand on: every proof of the books that was run.

-- One run of verification. `checks` is the report's list: name, promise, checked, violations, examples.
CREATE TABLE book_runs (
  id           INTEGER PRIMARY KEY,
  started_ms   INTEGER NOT NULL,
  took_ms      INTEGER NOT NULL CHECK (took_ms >= 0),
  -- Who asked: `system:verify-books` or an admin.
  actor        TEXT NOT NULL CHECK (actor <> ''),
  ok           INTEGER NOT NULL CHECK (ok IN (0, 1)),
  transactions INTEGER NOT NULL CHECK (transactions >= 0),
  head         TEXT CHECK (length(head) = 64),
  checks       TEXT NOT NULL CHECK (json_valid(checks))
) STRICT;
CREATE INDEX book_runs_failed ON book_runs (id) WHERE ok = 0;

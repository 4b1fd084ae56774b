-- People's own data: what they say of themselves, copies of it for them, and its end.

-- For invoices and for apps that ask for the profile (OpenID Connect `locale`, `zoneinfo`).
ALTER TABLE users ADD COLUMN company TEXT CHECK (company IS NULL OR length(company) BETWEEN 1 AND 120);
-- BCP 47, such as `de-AT`; a name of the time zone database, such as `Europe/Vienna`.
ALTER TABLE users ADD COLUMN locale TEXT CHECK (locale IS NULL OR length(locale) BETWEEN 2 AND 35);
ALTER TABLE users ADD COLUMN zoneinfo TEXT CHECK (zoneinfo IS NULL OR length(zoneinfo) BETWEEN 2 AND 64);

-- Who is to be erased, and who was: numbers and times, so that nobody is erased twice and the books' number keeps its end.
CREATE TABLE erasures (
  user_id   INTEGER PRIMARY KEY,
  -- asked: may be kept until `due_ms`. erasing: nobody may enter any more, rows go slice by slice. done.
  state     TEXT NOT NULL CHECK (state IN ('asked', 'erasing', 'done')),
  -- Who asked; `list`: it was erased before, and a backup brought it back.
  asked_by  TEXT NOT NULL CHECK (asked_by IN ('person', 'admin', 'list')),
  asked_ms  INTEGER NOT NULL,
  due_ms    INTEGER NOT NULL CHECK (due_ms >= asked_ms),
  -- The mail before it.
  warned_ms INTEGER,
  -- Up to which charge calls are forgotten.
  cleared   INTEGER NOT NULL DEFAULT 0 CHECK (cleared >= 0),
  done_ms   INTEGER,
  CHECK ((state = 'done') = (done_ms IS NOT NULL))
) STRICT;
CREATE INDEX erasures_open ON erasures (due_ms) WHERE state <> 'done';

-- Copies that people asked for. The file lies beside the database, under its public id, until it expires.
CREATE TABLE personal_exports (
  id         INTEGER PRIMARY KEY,
  -- `exp_…`
  public_id  TEXT NOT NULL UNIQUE CHECK (public_id GLOB 'exp_*'),
  user_id    INTEGER NOT NULL,
  state      TEXT NOT NULL CHECK (state IN ('waiting', 'ready', 'failed')),
  -- How often it was begun: what ends the process each time is not begun for ever.
  tries      INTEGER NOT NULL DEFAULT 0 CHECK (tries >= 0),
  bytes      INTEGER CHECK (bytes > 0),
  asked_ms   INTEGER NOT NULL,
  ready_ms   INTEGER,
  expires_ms INTEGER,
  CHECK ((state = 'ready') = (ready_ms IS NOT NULL)),
  CHECK ((ready_ms IS NULL) = (expires_ms IS NULL) AND (ready_ms IS NULL) = (bytes IS NULL))
) STRICT;
CREATE INDEX personal_exports_user ON personal_exports (user_id, id);
-- One at a time.
CREATE UNIQUE INDEX personal_exports_waiting ON personal_exports (user_id) WHERE state = 'waiting';
CREATE INDEX personal_exports_expiry ON personal_exports (expires_ms) WHERE expires_ms IS NOT NULL;

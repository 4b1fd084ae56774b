-- Announcements: words of the operator to everybody, to developers or to the people of one app; as a banner, as notice and mail, or both.
CREATE TABLE announcements (
  id              INTEGER PRIMARY KEY,
  public_id       TEXT NOT NULL UNIQUE,
  title           TEXT NOT NULL CHECK (length(title) BETWEEN 1 AND 120),
  -- Markdown.
  body            TEXT NOT NULL CHECK (length(body) BETWEEN 1 AND 8000),
  audience        TEXT NOT NULL CHECK (audience IN ('all', 'developers', 'app')),
  client_id       INTEGER,
  banner          INTEGER NOT NULL CHECK (banner IN (0, 1)),
  told            INTEGER NOT NULL CHECK (told IN (0, 1)),
  created_ms      INTEGER NOT NULL,
  -- From then on it is over: no banner, nobody is told any more.
  ends_ms         INTEGER CHECK (ends_ms > created_ms),
  ended_ms        INTEGER,
  -- Who was told: everybody up to this id.
  through_user_id INTEGER NOT NULL DEFAULT 0,
  told_count      INTEGER NOT NULL DEFAULT 0 CHECK (told_count >= 0),
  told_ms         INTEGER,
  CHECK ((audience = 'app') = (client_id IS NOT NULL)),
  CHECK (banner = 1 OR told = 1)
) STRICT;
CREATE INDEX announcements_untold ON announcements (id) WHERE told = 1 AND told_ms IS NULL;

CREATE TABLE announcement_dismissals (
  user_id         INTEGER NOT NULL REFERENCES users (id),
  announcement_id INTEGER NOT NULL REFERENCES announcements (id),
  dismissed_ms    INTEGER NOT NULL,
  PRIMARY KEY (user_id, announcement_id)
) STRICT, WITHOUT ROWID;

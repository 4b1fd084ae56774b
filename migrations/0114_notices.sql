-- Notices: what a person is told of in the console, beside the mail; and which of both they turned off, by kind.
CREATE TABLE notices (
  id         INTEGER PRIMARY KEY,
  public_id  TEXT NOT NULL UNIQUE,
  user_id    INTEGER NOT NULL REFERENCES users (id),
  kind       TEXT NOT NULL,
  title      TEXT NOT NULL CHECK (length(title) BETWEEN 1 AND 300),
  -- Of this server: '/keys'.
  path       TEXT CHECK (path LIKE '/%'),
  created_ms INTEGER NOT NULL,
  read_ms    INTEGER
) STRICT;
CREATE INDEX notices_of ON notices (user_id, id);
CREATE INDEX notices_unread ON notices (user_id) WHERE read_ms IS NULL;
CREATE INDEX notices_time ON notices (created_ms);

CREATE TABLE notices_off (
  user_id INTEGER NOT NULL REFERENCES users (id),
  kind    TEXT NOT NULL,
  channel TEXT NOT NULL CHECK (channel IN ('mail', 'console')),
  off_ms  INTEGER NOT NULL,
  PRIMARY KEY (user_id, kind, channel)
) STRICT, WITHOUT ROWID;

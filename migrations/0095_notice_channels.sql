-- Notices by webhook too; and many of one kind in a short time become one mail.
ALTER TABLE notices_off RENAME TO notices_off_before;
CREATE TABLE notices_off (
  user_id INTEGER NOT NULL REFERENCES users (id),
  kind    TEXT NOT NULL,
  channel TEXT NOT NULL CHECK (channel IN ('mail', 'console', 'webhook')),
  off_ms  INTEGER NOT NULL,
  PRIMARY KEY (user_id, kind, channel)
) STRICT, WITHOUT ROWID;
INSERT INTO notices_off SELECT user_id, kind, channel, off_ms FROM notices_off_before;
DROP TABLE notices_off_before;

-- Mails of the last day that may be turned off: what the next one of their kind is counted against.
CREATE TABLE notices_mailed (
  id      INTEGER PRIMARY KEY,
  user_id INTEGER NOT NULL REFERENCES users (id),
  kind    TEXT NOT NULL,
  at_ms   INTEGER NOT NULL
) STRICT;
CREATE INDEX notices_mailed_of ON notices_mailed (user_id, kind, at_ms);
CREATE INDEX notices_mailed_time ON notices_mailed (at_ms);

-- Beyond that: they wait for one mail about all of them.
CREATE TABLE notices_held (
  id      INTEGER PRIMARY KEY,
  user_id INTEGER NOT NULL REFERENCES users (id),
  kind    TEXT NOT NULL,
  title   TEXT NOT NULL CHECK (length(title) BETWEEN 1 AND 300),
  at_ms   INTEGER NOT NULL
) STRICT;
CREATE INDEX notices_held_of ON notices_held (user_id, id);

-- Who gets that mail, and when: one row a person, in the order of their turns.
CREATE TABLE notices_digests (
  user_id INTEGER PRIMARY KEY REFERENCES users (id),
  due_ms  INTEGER NOT NULL
) STRICT;
CREATE INDEX notices_digests_due ON notices_digests (due_ms);

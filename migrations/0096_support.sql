-- Questions of people to the operator, and what was said in them.
CREATE TABLE support_threads (
  id          INTEGER PRIMARY KEY,
  public_id   TEXT NOT NULL UNIQUE CHECK (public_id GLOB 'sup_*'),
  user_id     INTEGER NOT NULL REFERENCES users (id),
  topic       TEXT NOT NULL,
  subject     TEXT NOT NULL CHECK (length(subject) BETWEEN 1 AND 120),
  state       TEXT NOT NULL CHECK (state IN ('waiting', 'answered', 'closed')),
  -- By the plan at their last word: who pays for it stands before the others.
  is_priority INTEGER NOT NULL CHECK (is_priority IN (0, 1)),
  -- Since when somebody waits for an answer; the state's, else the last word's.
  since_ms    INTEGER NOT NULL,
  created_ms  INTEGER NOT NULL
) STRICT;
CREATE INDEX support_threads_queue ON support_threads (state, is_priority DESC, since_ms, id);
CREATE INDEX support_threads_of ON support_threads (user_id, id);
CREATE INDEX support_threads_time ON support_threads (since_ms);

CREATE TABLE support_messages (
  id         INTEGER PRIMARY KEY,
  thread_id  INTEGER NOT NULL REFERENCES support_threads (id),
  -- Who of the operator's people wrote stands in the audit log alone.
  side       TEXT NOT NULL CHECK (side IN ('person', 'admin')),
  text       TEXT NOT NULL CHECK (length(text) BETWEEN 1 AND 4000),
  created_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX support_messages_of ON support_messages (thread_id, id);

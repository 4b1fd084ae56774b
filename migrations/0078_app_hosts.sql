-- Whose host an app's homepage is: shown by a DNS record or a file there, or said by an admin. One an app: the one of its homepage.
CREATE TABLE app_hosts (
  client_id  INTEGER PRIMARY KEY,
  -- Whose app it is.
  user_id    INTEGER NOT NULL,
  host       TEXT NOT NULL CHECK (length(host) BETWEEN 3 AND 253),
  -- Public: it names who claims, and lets nobody in.
  token      TEXT NOT NULL CHECK (length(token) BETWEEN 16 AND 64),
  proven_ms  INTEGER,
  proven_by  TEXT CHECK (proven_by IN ('dns', 'file', 'admin')),
  tried_ms   INTEGER,
  created_ms INTEGER NOT NULL,
  CHECK ((proven_ms IS NULL) = (proven_by IS NULL))
) STRICT;
CREATE INDEX app_hosts_of_user ON app_hosts (user_id);

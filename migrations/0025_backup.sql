-- Proofs of the backup: each is a restore into a folder of its own, of which the integrity, the books and the key were tried. Written once.
CREATE TABLE backup_proofs (
  id           INTEGER PRIMARY KEY,
  at_ms        INTEGER NOT NULL,
  actor        TEXT NOT NULL CHECK (actor <> ''),
  ok           INTEGER NOT NULL CHECK (ok IN (0, 1)),
  -- The replica's address, or the path of a file.
  source       TEXT NOT NULL CHECK (source <> ''),
  took_ms      INTEGER NOT NULL CHECK (took_ms >= 0),
  -- Of what was restored, as far as it came: its last commit, its size, the transactions that were verified.
  last_ms      INTEGER,
  bytes        INTEGER,
  transactions INTEGER,
  -- What is wrong with it, and what to do.
  why          TEXT,
  CHECK ((ok = 1) = (why IS NULL)),
  CHECK (ok = 0 OR (last_ms IS NOT NULL AND bytes IS NOT NULL AND transactions IS NOT NULL))
) STRICT;

-- Restores of this database: what came back, what is missing, and who looked. Until somebody has, nothing leaves the house.
CREATE TABLE restores (
  id                  INTEGER PRIMARY KEY,
  public_id           TEXT NOT NULL UNIQUE,
  -- When it was restored, by the clock of that machine, and when it was first started.
  restored_ms         INTEGER NOT NULL,
  started_ms          INTEGER NOT NULL,
  source              TEXT NOT NULL CHECK (source <> ''),
  -- The folder of the replica; NULL: a file.
  epoch               INTEGER,
  -- What was asked for, where it was not the newest.
  asked               TEXT,
  last_commit_ms      INTEGER NOT NULL,
  -- Last sign of life of the server that wrote it; NULL: nobody knows. With `complete` it had stopped in order and sent everything.
  alive_ms            INTEGER,
  complete            INTEGER NOT NULL CHECK (complete IN (0, 1)),
  last_transaction_id TEXT,
  last_transaction_ms INTEGER,
  last_call_id        TEXT,
  last_call_ms        INTEGER,
  sessions_ended      INTEGER NOT NULL CHECK (sessions_ended >= 0),
  grants_ended        INTEGER NOT NULL CHECK (grants_ended >= 0),
  looked_ms           INTEGER,
  looked_by           TEXT,
  CHECK ((looked_ms IS NULL) = (looked_by IS NULL)),
  CHECK ((last_transaction_id IS NULL) = (last_transaction_ms IS NULL)),
  CHECK ((last_call_id IS NULL) = (last_call_ms IS NULL))
) STRICT;
CREATE INDEX restores_open ON restores (id) WHERE looked_ms IS NULL;

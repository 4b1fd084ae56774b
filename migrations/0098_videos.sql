-- Videos (SPEC GW-1): jobs that a provider works on for minutes. A row is written with its hold, before anybody is asked; what they are
-- made of is not kept, a hash of it tells one's own job from others where an answer was lost.
CREATE TABLE videos (
  id               INTEGER PRIMARY KEY,
  public_id        TEXT NOT NULL UNIQUE,
  user_id          INTEGER NOT NULL,
  client_id        INTEGER,
  key_id           INTEGER,
  mode             TEXT NOT NULL CHECK (mode IN ('live', 'test')),
  -- `req_…` of the call that asked for it; with the two below, what names its hold.
  call_id          TEXT NOT NULL UNIQUE,
  hold_id          INTEGER NOT NULL,
  account_id       INTEGER NOT NULL,
  developer_id     INTEGER,
  -- submitting: it was or is being asked for, and nobody knows of what came of it.
  status           TEXT NOT NULL CHECK (status IN ('submitting', 'queued', 'in_progress', 'completed', 'failed')),
  -- Which process asks for it.
  boot_id          TEXT NOT NULL,
  upstream_id      INTEGER NOT NULL,
  upstream_model   TEXT NOT NULL,
  -- As the caller named it.
  model            TEXT NOT NULL,
  -- What the provider calls it; null as long as nobody knows.
  job_id           TEXT CHECK (length(job_id) BETWEEN 1 AND 500),
  prompt_hash      TEXT NOT NULL CHECK (length(prompt_hash) = 64),
  seconds          INTEGER NOT NULL CHECK (seconds BETWEEN 1 AND 3600),
  size             TEXT NOT NULL,
  remixed_from     TEXT,
  -- What it costs once it is there, as it is shared; the price is that of the moment it was asked for.
  charge_nano      INTEGER NOT NULL CHECK (charge_nano >= 0),
  upstream_nano    INTEGER NOT NULL CHECK (upstream_nano >= 0),
  developer_nano   INTEGER NOT NULL CHECK (developer_nano >= 0),
  platform_nano    INTEGER NOT NULL CHECK (platform_nano >= 0),
  -- JSON: windows of limits on spending in which it was counted.
  spent_at         TEXT NOT NULL,
  progress         INTEGER NOT NULL DEFAULT 0 CHECK (progress BETWEEN 0 AND 100),
  error_code       TEXT,
  error_message    TEXT,
  created_ms       INTEGER NOT NULL,
  completed_ms     INTEGER,
  -- When the provider deletes it.
  expires_ms       INTEGER,
  -- Of open ones: when it is looked after next, and until when somebody does.
  next_ms          INTEGER NOT NULL,
  lease_ms         INTEGER NOT NULL DEFAULT 0,
  tries            INTEGER NOT NULL DEFAULT 0,
  CHECK (charge_nano = upstream_nano + developer_nano + platform_nano),
  CHECK (status <> 'completed' OR job_id IS NOT NULL),
  CHECK ((status IN ('completed', 'failed')) = (completed_ms IS NOT NULL))
) STRICT;
-- One job is one row's, whoever finds it.
CREATE UNIQUE INDEX videos_job ON videos (upstream_id, job_id) WHERE job_id IS NOT NULL;
CREATE INDEX videos_due ON videos (next_ms) WHERE status IN ('submitting', 'queued', 'in_progress');
CREATE INDEX videos_of ON videos (user_id, mode, client_id, key_id, created_ms, id);
CREATE INDEX videos_old ON videos (completed_ms) WHERE completed_ms IS NOT NULL;

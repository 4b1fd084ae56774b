-- Webhooks: addresses of apps and people that are told of events, what was told, and how each try went. The outbox keeps when the next
-- try is due; no foreign key leaves the domain: an app or a person may go first.
CREATE TABLE webhook_endpoints (
  id           INTEGER PRIMARY KEY,
  public_id    TEXT NOT NULL UNIQUE CHECK (public_id GLOB 'whe_*'),
  -- Whoever set it up: the app's developer, or the person whose events they are.
  user_id      INTEGER NOT NULL,
  -- NULL: events of the person.
  client_id    INTEGER,
  mode         TEXT NOT NULL CHECK (mode IN ('live', 'test')),
  url          TEXT NOT NULL CHECK (length(url) BETWEEN 8 AND 2048),
  description  TEXT NOT NULL DEFAULT '' CHECK (length(description) <= 200),
  -- Separated by spaces; '*': all, also those that come later.
  types        TEXT NOT NULL CHECK (length(types) > 0),
  -- NULL: it is told. Else why not.
  off_because  TEXT CHECK (off_because IN ('owner', 'gone', 'failing', 'overflow', 'removed')),
  off_ms       INTEGER CHECK ((off_ms IS NULL) = (off_because IS NULL)),
  -- Its owner was mailed that it went off by itself.
  told         INTEGER NOT NULL DEFAULT 1 CHECK (told IN (0, 1)),
  created_ms   INTEGER NOT NULL
) STRICT;
CREATE INDEX webhook_endpoints_of_client ON webhook_endpoints (client_id, id) WHERE client_id IS NOT NULL;
CREATE INDEX webhook_endpoints_of_user ON webhook_endpoints (user_id, id);
CREATE INDEX webhook_endpoints_untold ON webhook_endpoints (id) WHERE told = 0;

-- What signs; two at once while a new one takes over.
CREATE TABLE webhook_secrets (
  id          INTEGER PRIMARY KEY,
  public_id   TEXT NOT NULL UNIQUE,
  endpoint_id INTEGER NOT NULL,
  sealed      TEXT NOT NULL,
  made_ms     INTEGER NOT NULL,
  -- NULL: the newest.
  ends_ms     INTEGER
) STRICT;
CREATE INDEX webhook_secrets_of_endpoint ON webhook_secrets (endpoint_id, id);

-- How an endpoint does: apart from its terms, since it changes with every event.
CREATE TABLE webhook_health (
  endpoint_id   INTEGER PRIMARY KEY,
  waiting       INTEGER NOT NULL DEFAULT 0 CHECK (waiting >= 0),
  -- Failures since the last that was taken, the first of them, and until when nothing else is tried.
  failures      INTEGER NOT NULL DEFAULT 0,
  failing_ms    INTEGER,
  rests_until_ms INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE webhook_events (
  id         INTEGER PRIMARY KEY,
  public_id  TEXT NOT NULL UNIQUE CHECK (public_id GLOB 'evt_*'),
  type       TEXT NOT NULL,
  -- What happened to: events of one subject arrive in order.
  subject    TEXT NOT NULL,
  body       TEXT NOT NULL,
  created_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX webhook_events_by_age ON webhook_events (created_ms);

CREATE TABLE webhook_deliveries (
  id          INTEGER PRIMARY KEY,
  public_id   TEXT NOT NULL UNIQUE CHECK (public_id GLOB 'whd_*'),
  endpoint_id INTEGER NOT NULL,
  event_id    INTEGER NOT NULL,
  -- The message of the outbox that is on its way.
  message     TEXT NOT NULL,
  state       TEXT NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'delivered', 'failed', 'dropped')),
  tries       INTEGER NOT NULL DEFAULT 0,
  created_ms  INTEGER NOT NULL,
  -- Asked for by hand since then.
  resent_ms   INTEGER
) STRICT;
CREATE INDEX webhook_deliveries_of_endpoint ON webhook_deliveries (endpoint_id, id);
CREATE INDEX webhook_deliveries_of_event ON webhook_deliveries (event_id);
CREATE INDEX webhook_deliveries_by_age ON webhook_deliveries (created_ms, id);

CREATE TABLE webhook_tries (
  id           INTEGER PRIMARY KEY,
  delivery_id  INTEGER NOT NULL,
  at_ms        INTEGER NOT NULL,
  took_ms      INTEGER NOT NULL,
  -- NULL: no answer came, and `problem` says why.
  status       INTEGER,
  problem      TEXT,
  -- As JSON, without the signature's secret; the answer's body to 2 KB.
  sent         TEXT NOT NULL,
  answered     TEXT,
  answer       TEXT
) STRICT;
CREATE INDEX webhook_tries_of_delivery ON webhook_tries (delivery_id, id);

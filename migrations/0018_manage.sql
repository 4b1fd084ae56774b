-- Idempotency keys (SPEC GW-7): what a client may repeat without paying twice. A row is written with the hold of its call and finished
-- with its settle; a refused call leaves none.
CREATE TABLE idempotency_keys (
  id             INTEGER PRIMARY KEY,
  -- SHA-256, hex, over payer, person, app, api key, mode, route and the key that the client sent.
  scope_hash     TEXT NOT NULL UNIQUE CHECK (length(scope_hash) = 64),
  -- SHA-256, hex, of the body as it came: a key with another body is a mistake.
  body_hash      TEXT NOT NULL CHECK (length(body_hash) = 64),
  user_id        INTEGER NOT NULL,
  -- `req_…`: the hold of this call while it is open, and its charge afterwards.
  call_id        TEXT NOT NULL,
  expires_ms     INTEGER NOT NULL,
  -- Null while the call runs, or when its process died: its charge says then how it ended.
  status         INTEGER CHECK (status BETWEEN 100 AND 599),
  charged_nano   INTEGER NOT NULL DEFAULT 0 CHECK (charged_nano >= 0),
  remaining_nano INTEGER NOT NULL DEFAULT 0,
  -- The answer, sealed by the keyring; null for a stream, and for what is too large to be kept.
  answer_sealed  TEXT,
  is_large       INTEGER NOT NULL DEFAULT 0 CHECK (is_large IN (0, 1))
) STRICT;
CREATE INDEX idempotency_keys_expiry ON idempotency_keys (expires_ms);
-- How many large answers are kept for a person.
CREATE INDEX idempotency_keys_large ON idempotency_keys (user_id) WHERE is_large = 1;

-- Metered services (SPEC KE-3): work that runs elsewhere and is charged here, by the piece. Prices of the past stand on the charges.
CREATE TABLE metered_services (
  id           INTEGER PRIMARY KEY,
  -- What programs call it; never changed, because charges and dashboards name it.
  slug         TEXT NOT NULL UNIQUE CHECK (length(slug) BETWEEN 1 AND 64),
  name         TEXT NOT NULL,
  -- What is counted, in the singular: 'character'.
  unit         TEXT NOT NULL,
  -- Which permission of an app, and which restricted credits, it falls under.
  scope        TEXT NOT NULL,
  -- Pico-dollars a unit: a thousandth of n$, so that cheap units are priced exactly.
  price_pico   INTEGER NOT NULL CHECK (price_pico >= 0),
  -- Units of one call.
  quantity_min INTEGER NOT NULL CHECK (quantity_min >= 1),
  quantity_max INTEGER NOT NULL CHECK (quantity_max >= quantity_min),
  active       INTEGER NOT NULL CHECK (active IN (0, 1)),
  created_ms   INTEGER NOT NULL,
  updated_ms   INTEGER NOT NULL
) STRICT;

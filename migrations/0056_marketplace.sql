-- The API marketplace (SPEC MK): who publishes what, under which plans, and who subscribed to it. Money stands in the ledger.

-- A developer principal with products, as the public knows it.
CREATE TABLE market_publishers (
  id            INTEGER PRIMARY KEY,
  public_id     TEXT NOT NULL UNIQUE CHECK (public_id GLOB 'pub_*'),
  -- The principal who owns the products and earns.
  owner_id      INTEGER NOT NULL UNIQUE,
  slug          TEXT NOT NULL UNIQUE CHECK (length(slug) BETWEEN 3 AND 40),
  name          TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 80),
  organisation  TEXT,
  about         TEXT NOT NULL DEFAULT '',
  -- The platform's part of each sale in basis points; null = the platform's default.
  commission_bp INTEGER CHECK (commission_bp BETWEEN 0 AND 10000),
  -- Its owner is suspended: its products are not shown, and refuse calls.
  suspended_ms  INTEGER,
  created_ms    INTEGER NOT NULL,
  updated_ms    INTEGER NOT NULL
) STRICT;

-- Former slugs go on to the present one, and are nobody else's.
CREATE TABLE market_publisher_slugs (
  slug         TEXT PRIMARY KEY,
  publisher_id INTEGER NOT NULL REFERENCES market_publishers (id),
  until_ms     INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE market_products (
  id             INTEGER PRIMARY KEY,
  public_id      TEXT NOT NULL UNIQUE CHECK (public_id GLOB 'prd_*'),
  publisher_id   INTEGER NOT NULL REFERENCES market_publishers (id),
  -- Of its address, /marketplace/:slug and /m/:publisher/:slug; one for all publishers.
  slug           TEXT NOT NULL UNIQUE CHECK (length(slug) BETWEEN 3 AND 60),
  title          TEXT NOT NULL CHECK (length(title) BETWEEN 1 AND 80),
  tagline        TEXT NOT NULL DEFAULT '',
  -- Markdown.
  overview       TEXT NOT NULL DEFAULT '',
  version        TEXT NOT NULL DEFAULT '1.0.0',
  -- Where calls go: https://host/base, without a slash at the end.
  upstream_url   TEXT NOT NULL,
  state          TEXT NOT NULL CHECK (state IN ('draft', 'review', 'published', 'unpublished', 'suspended')),
  state_reason   TEXT,
  -- Its upstream's host is proven to be the publisher's, or an admin said so.
  host_proven_ms INTEGER,
  featured_ms    INTEGER,
  commission_bp  INTEGER CHECK (commission_bp BETWEEN 0 AND 10000),
  -- Header that carries the publisher's own secret to the upstream; the value is sealed. Null = none.
  upstream_header TEXT,
  upstream_secret TEXT CHECK ((upstream_secret IS NULL) = (upstream_header IS NULL)),
  -- Sealed: signs the gateway's identity for the upstream.
  signing_secret TEXT NOT NULL,
  -- Of one call.
  timeout_ms     INTEGER NOT NULL DEFAULT 30000 CHECK (timeout_ms BETWEEN 1000 AND 300000),
  body_bytes_max INTEGER NOT NULL DEFAULT 10485760 CHECK (body_bytes_max BETWEEN 0 AND 1073741824),
  created_ms     INTEGER NOT NULL,
  updated_ms     INTEGER NOT NULL,
  published_ms   INTEGER
) STRICT;
CREATE INDEX market_products_of_publisher ON market_products (publisher_id, id);
CREATE INDEX market_products_shown ON market_products (state, id);

CREATE TABLE market_product_categories (
  product_id INTEGER NOT NULL REFERENCES market_products (id),
  category   TEXT NOT NULL,
  PRIMARY KEY (product_id, category)
) STRICT, WITHOUT ROWID;
CREATE INDEX market_categories ON market_product_categories (category, product_id);

-- A plan is a name and a place in the order; what it grants is its terms. Higher ranks have all that lower ones have.
CREATE TABLE market_plans (
  id            INTEGER PRIMARY KEY,
  public_id     TEXT NOT NULL UNIQUE CHECK (public_id GLOB 'mpl_*'),
  product_id    INTEGER NOT NULL REFERENCES market_products (id),
  rank          INTEGER NOT NULL CHECK (rank >= 0),
  name          TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 40),
  -- Lines of text.
  features      TEXT NOT NULL DEFAULT '',
  support_level TEXT NOT NULL DEFAULT 'community' CHECK (support_level IN ('community', 'email', 'priority', 'dedicated')),
  -- No new subscriptions from then on.
  retired_ms    INTEGER,
  created_ms    INTEGER NOT NULL,
  updated_ms    INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX market_plans_rank ON market_plans (product_id, rank);

-- Terms are never rewritten once somebody subscribed to them: a change is a new version, and present subscribers keep theirs.
CREATE TABLE market_plan_terms (
  id                 INTEGER PRIMARY KEY,
  plan_id            INTEGER NOT NULL REFERENCES market_plans (id),
  version            INTEGER NOT NULL CHECK (version >= 1),
  price_nano         INTEGER NOT NULL CHECK (price_nano >= 0),
  cycle              TEXT NOT NULL CHECK (cycle IN ('week', 'month', 'year')),
  trial_days         INTEGER NOT NULL DEFAULT 0 CHECK (trial_days BETWEEN 0 AND 90),
  -- A unit above the quota costs this; null = it is refused.
  overage_nano       INTEGER CHECK (overage_nano > 0),
  -- The most that overages of one billing cycle may cost; null = no cap.
  overage_cap_nano   INTEGER CHECK (overage_cap_nano > 0),
  -- Moving up starts its quotas anew instead of carrying used units over.
  resets_on_upgrade  INTEGER NOT NULL DEFAULT 0 CHECK (resets_on_upgrade IN (0, 1)),
  created_ms         INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX market_plan_terms_version ON market_plan_terms (plan_id, version);

CREATE TABLE market_quotas (
  terms_id INTEGER NOT NULL REFERENCES market_plan_terms (id),
  period   TEXT NOT NULL CHECK (period IN ('day', 'week', 'month', 'year')),
  -- `calendar`: at 0:00 UTC of the day, Monday, the first, 1 January. `anniversary`: from the moment of subscribing.
  anchor   TEXT NOT NULL CHECK (anchor IN ('calendar', 'anniversary')),
  units    INTEGER NOT NULL CHECK (units >= 0),
  PRIMARY KEY (terms_id, period)
) STRICT, WITHOUT ROWID;

-- Fixed windows aligned to UTC; endpoint 0 = each endpoint by itself, unless it has a rule of its own.
CREATE TABLE market_rates (
  terms_id    INTEGER NOT NULL REFERENCES market_plan_terms (id),
  endpoint_id INTEGER NOT NULL,
  span        TEXT NOT NULL CHECK (span IN ('second', 'minute', 'hour')),
  requests    INTEGER NOT NULL CHECK (requests > 0),
  PRIMARY KEY (terms_id, endpoint_id, span)
) STRICT, WITHOUT ROWID;

CREATE TABLE market_endpoints (
  id          INTEGER PRIMARY KEY,
  public_id   TEXT NOT NULL UNIQUE CHECK (public_id GLOB 'epd_*'),
  product_id  INTEGER NOT NULL REFERENCES market_products (id),
  position    INTEGER NOT NULL,
  method      TEXT NOT NULL CHECK (method IN ('GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS')),
  -- Template of RFC 6570 level 1: /weather/{city}
  path        TEXT NOT NULL CHECK (path GLOB '/*'),
  title       TEXT NOT NULL,
  -- Markdown.
  description TEXT NOT NULL DEFAULT '',
  -- The lowest plan that has it; null = every plan.
  min_plan_id INTEGER REFERENCES market_plans (id),
  -- Units of quota a call uses.
  weight      INTEGER NOT NULL DEFAULT 1 CHECK (weight BETWEEN 0 AND 1000000),
  -- Price of each call beside the plan; 0 = in the plan.
  price_nano  INTEGER NOT NULL DEFAULT 0 CHECK (price_nano >= 0),
  -- Calls that do not fit its parameters are refused before they leave.
  validates   INTEGER NOT NULL DEFAULT 0 CHECK (validates IN (0, 1)),
  -- JSON Schema of the request body, and its media type; null = none known.
  body_schema TEXT,
  body_type   TEXT,
  deprecated  INTEGER NOT NULL DEFAULT 0 CHECK (deprecated IN (0, 1)),
  -- Gone from the product; its calls stay.
  removed_ms  INTEGER,
  created_ms  INTEGER NOT NULL,
  updated_ms  INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX market_endpoints_route ON market_endpoints (product_id, method, path) WHERE removed_ms IS NULL;

CREATE TABLE market_parameters (
  id          INTEGER PRIMARY KEY,
  endpoint_id INTEGER NOT NULL REFERENCES market_endpoints (id),
  position    INTEGER NOT NULL,
  place       TEXT NOT NULL CHECK (place IN ('path', 'query', 'header', 'body')),
  name        TEXT NOT NULL,
  -- A name of JSON Schema: string, integer, number, boolean, array, object.
  type        TEXT NOT NULL,
  required    INTEGER NOT NULL CHECK (required IN (0, 1)),
  description TEXT NOT NULL DEFAULT '',
  example     TEXT,
  -- JSON Schema, with format, enum and bounds; null = the type alone.
  schema      TEXT
) STRICT;
CREATE UNIQUE INDEX market_parameters_name ON market_parameters (endpoint_id, place, name);

-- Stored answers, of success and of errors.
CREATE TABLE market_examples (
  id          INTEGER PRIMARY KEY,
  endpoint_id INTEGER NOT NULL REFERENCES market_endpoints (id),
  position    INTEGER NOT NULL,
  status      INTEGER NOT NULL CHECK (status BETWEEN 100 AND 599),
  meaning     TEXT NOT NULL DEFAULT '',
  body_type   TEXT NOT NULL DEFAULT 'application/json',
  body        TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX market_examples_of ON market_examples (endpoint_id, position);

CREATE TABLE market_subscriptions (
  id              INTEGER PRIMARY KEY,
  public_id       TEXT NOT NULL UNIQUE CHECK (public_id GLOB 'msb_*'),
  product_id      INTEGER NOT NULL REFERENCES market_products (id),
  -- Who uses it, and the principal who pays.
  user_id         INTEGER NOT NULL,
  payer_id        INTEGER NOT NULL,
  plan_id         INTEGER NOT NULL REFERENCES market_plans (id),
  terms_id        INTEGER NOT NULL REFERENCES market_plan_terms (id),
  state           TEXT NOT NULL CHECK (state IN ('trialing', 'active', 'past_due', 'banned', 'ended')),
  -- The moment whose day of month and hour fix its periods (31st rule).
  anchor_ms       INTEGER NOT NULL,
  period_start_ms INTEGER NOT NULL,
  -- Excluded.
  period_end_ms   INTEGER NOT NULL CHECK (period_end_ms > period_start_ms),
  -- Ends with the period.
  cancelled_ms    INTEGER,
  -- What the next period begins with; null = the same.
  next_plan_id    INTEGER REFERENCES market_plans (id),
  past_due_ms     INTEGER,
  -- Access ends here unless it is paid.
  grace_end_ms    INTEGER,
  reason          TEXT,
  created_ms      INTEGER NOT NULL,
  updated_ms      INTEGER NOT NULL,
  ended_ms        INTEGER CHECK ((ended_ms IS NULL) = (state <> 'ended'))
) STRICT;
CREATE UNIQUE INDEX market_subscriptions_one ON market_subscriptions (user_id, product_id) WHERE ended_ms IS NULL;
CREATE INDEX market_subscriptions_of_product ON market_subscriptions (product_id, id);
CREATE INDEX market_subscriptions_due ON market_subscriptions (period_end_ms) WHERE ended_ms IS NULL;

-- Units used, by the subscription and the period's name: keys, plans and terms come and go without touching it. All four are counted,
-- whatever the plan has, and a row begins anew only once its end has passed: so a change of plan meets no period that nobody counted.
CREATE TABLE market_quota_use (
  subscription_id INTEGER NOT NULL REFERENCES market_subscriptions (id),
  period          TEXT NOT NULL CHECK (period IN ('day', 'week', 'month', 'year')),
  start_ms        INTEGER NOT NULL,
  -- Excluded.
  end_ms          INTEGER NOT NULL CHECK (end_ms > start_ms),
  used            INTEGER NOT NULL CHECK (used >= 0),
  PRIMARY KEY (subscription_id, period)
) STRICT, WITHOUT ROWID;

-- What was charged by the call, by billing period: each row is a line of an invoice.
CREATE TABLE market_overages (
  subscription_id INTEGER NOT NULL REFERENCES market_subscriptions (id),
  period_start_ms INTEGER NOT NULL,
  terms_id        INTEGER NOT NULL REFERENCES market_plan_terms (id),
  -- 0: units above the quota. Else calls of an endpoint that has a price of its own.
  endpoint_id     INTEGER NOT NULL,
  unit_nano       INTEGER NOT NULL CHECK (unit_nano > 0),
  units           INTEGER NOT NULL CHECK (units >= 0),
  nano            INTEGER NOT NULL CHECK (nano = units * unit_nano),
  -- The platform's part of it, rounded call by call.
  commission_nano INTEGER NOT NULL CHECK (commission_nano BETWEEN 0 AND nano),
  PRIMARY KEY (subscription_id, period_start_ms, terms_id, endpoint_id, unit_nano)
) STRICT, WITHOUT ROWID;

CREATE TABLE market_keys (
  id              INTEGER PRIMARY KEY,
  public_id       TEXT NOT NULL UNIQUE CHECK (public_id GLOB 'mky_*'),
  subscription_id INTEGER NOT NULL REFERENCES market_subscriptions (id),
  user_id         INTEGER NOT NULL,
  -- 'test': answered with stored examples; no upstream, no units, no money.
  mode            TEXT NOT NULL DEFAULT 'live' CHECK (mode IN ('live', 'test')),
  name            TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 80),
  -- 'read' (GET, HEAD) or 'all'.
  access          TEXT NOT NULL DEFAULT 'all' CHECK (access IN ('read', 'all')),
  -- Addresses and ranges apart by blanks; '' = from anywhere, from nowhere refused.
  allowed_ips     TEXT NOT NULL DEFAULT '',
  denied_ips      TEXT NOT NULL DEFAULT '',
  -- Sealed: calls must be signed with it; null = they need not be.
  hmac_secret     TEXT,
  expires_ms      INTEGER CHECK (expires_ms > created_ms),
  revoked_ms      INTEGER,
  revoked_because TEXT CHECK ((revoked_because IS NULL) = (revoked_ms IS NULL)),
  created_ms      INTEGER NOT NULL,
  updated_ms      INTEGER NOT NULL
) STRICT;
CREATE INDEX market_keys_of ON market_keys (subscription_id, id);

-- Secrets of a key by SHA-256 (256 random bits); a rotated one works on until its end.
CREATE TABLE market_key_secrets (
  id         INTEGER PRIMARY KEY,
  key_id     INTEGER NOT NULL REFERENCES market_keys (id),
  hash       TEXT NOT NULL UNIQUE,
  prefix     TEXT NOT NULL,
  created_ms INTEGER NOT NULL,
  ends_ms    INTEGER
) STRICT;
CREATE INDEX market_key_secrets_of ON market_key_secrets (key_id, id);

CREATE TABLE market_key_uses (
  key_id       INTEGER PRIMARY KEY REFERENCES market_keys (id),
  last_used_ms INTEGER NOT NULL,
  calls        INTEGER NOT NULL
) STRICT;

-- Who spent most, the calls of an app one by one, and how an app is: packed beside the sums by the same fold, so that a page reads few rows,
-- however many people and calls a house has. Nothing here decides anything, and all of it can be made again from charges.

-- What wallets spent in live mode on a UTC day, in runs: a fold adds one of tier 0, and eight of a tier become one of the next. `bytes`: the
-- wallets in their order, 4 bytes each, then what each spent (4) and its calls (2); those who do not fit stand in `wide` (8 and 4).
CREATE TABLE analytics_spend (
  id       INTEGER PRIMARY KEY,
  day      INTEGER NOT NULL,
  tier     INTEGER NOT NULL CHECK (tier >= 0),
  spenders INTEGER NOT NULL CHECK (spenders > 0),
  bytes    BLOB NOT NULL,
  wide     BLOB NOT NULL CHECK (length(bytes) / 10 + length(wide) / 16 = spenders)
) STRICT;
CREATE INDEX analytics_spend_of_day ON analytics_spend (day, tier);

-- Numbers of the charges that went through an app, by kind of call and whether it failed, as sets in the form of `analytics_people`. Of an
-- erased person, and of calls that are kept one by one no more, neither kind nor failure is told: route 0.
CREATE TABLE analytics_app_calls (
  client_id INTEGER NOT NULL,
  chunk     INTEGER NOT NULL,
  route_id  INTEGER NOT NULL, -- 0: none
  failed    INTEGER NOT NULL CHECK (failed IN (0, 1)),
  calls     INTEGER NOT NULL CHECK (calls > 0),
  bits      BLOB NOT NULL CHECK (length(bits) IN (1024, calls * 2)),
  PRIMARY KEY (client_id, chunk, route_id, failed)
) STRICT, WITHOUT ROWID;
CREATE INDEX analytics_app_calls_of_chunk ON analytics_app_calls (chunk);

-- How an app is on a UTC day: what failed by its code, what was charged less than it cost (code ''), and how long answered calls took (code:
-- ms, the bound of the class; '': longer than all).
CREATE TABLE analytics_app_health (
  client_id    INTEGER NOT NULL,
  day          INTEGER NOT NULL,
  kind         TEXT NOT NULL CHECK (kind IN ('failed', 'unpaid', 'time')),
  code         TEXT NOT NULL,
  calls        INTEGER NOT NULL CHECK (calls > 0),
  missing_nano INTEGER NOT NULL CHECK (missing_nano >= 0),
  PRIMARY KEY (client_id, day, kind, code)
) STRICT, WITHOUT ROWID;
-- Whom it happened to, as sets of numbers.
CREATE TABLE analytics_health_people (
  client_id INTEGER NOT NULL,
  day       INTEGER NOT NULL,
  kind      TEXT NOT NULL CHECK (kind IN ('failed', 'unpaid')),
  code      TEXT NOT NULL,
  chunk     INTEGER NOT NULL,
  people    INTEGER NOT NULL CHECK (people > 0),
  bits      BLOB NOT NULL CHECK (length(bits) IN (1024, people * 2)),
  PRIMARY KEY (client_id, day, kind, code, chunk)
) STRICT, WITHOUT ROWID;
-- The answered calls that took longest, ten a day and app.
CREATE TABLE analytics_app_slowest (
  client_id  INTEGER NOT NULL,
  day        INTEGER NOT NULL,
  latency_ms INTEGER NOT NULL,
  charge_id  INTEGER NOT NULL,
  PRIMARY KEY (client_id, day, latency_ms, charge_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX analytics_app_slowest_of_day ON analytics_app_slowest (day);

-- Charges after this one are packed as far as the sums go; those before are packed in the background, the newest first.
ALTER TABLE analytics_fold ADD COLUMN packed_after INTEGER NOT NULL DEFAULT 0;
UPDATE analytics_fold SET packed_after = through;

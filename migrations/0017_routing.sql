-- Routing: which account of a model is asked first, what its provider grants it, and what was tried for a call before it was answered.

-- Share of the calls among accounts of one priority.
ALTER TABLE upstreams ADD COLUMN weight INTEGER NOT NULL DEFAULT 1 CHECK (weight BETWEEN 1 AND 1000);
-- Lower comes first.
ALTER TABLE upstreams ADD COLUMN priority INTEGER NOT NULL DEFAULT 0 CHECK (priority BETWEEN 0 AND 100);
-- 1: no new calls; those that run end.
ALTER TABLE upstreams ADD COLUMN draining INTEGER NOT NULL DEFAULT 0 CHECK (draining IN (0, 1));
-- What the provider grants in a minute; NULL = unknown.
ALTER TABLE upstreams ADD COLUMN requests_per_minute INTEGER CHECK (requests_per_minute BETWEEN 1 AND 10000000);
ALTER TABLE upstreams ADD COLUMN tokens_per_minute INTEGER CHECK (tokens_per_minute BETWEEN 1 AND 10000000000);

-- Calls for which somebody was asked in vain, with all that were asked, in order. Kept for 30 days. Ids grow with time.
CREATE TABLE call_attempts (
  id          INTEGER PRIMARY KEY,
  call_id     TEXT NOT NULL CHECK (substr(call_id, 1, 4) = 'req_'),
  at_ms       INTEGER NOT NULL CHECK (at_ms >= 0),
  -- Of an upstream that may be gone by now.
  upstream_id INTEGER NOT NULL,
  model       TEXT NOT NULL CHECK (length(model) BETWEEN 1 AND 256),
  ms          INTEGER NOT NULL CHECK (ms >= 0),
  outcome     TEXT NOT NULL CHECK (outcome IN ('answered', 'caller', 'gone', 'unaffordable', 'rate', 'busy', 'failed', 'timeout',
                                               'network', 'broken', 'key', 'credit')),
  -- HTTP status of its answer, when there was one.
  status      INTEGER CHECK (status BETWEEN 100 AND 599)
) STRICT;
CREATE INDEX call_attempts_of_call ON call_attempts (call_id);
CREATE INDEX call_attempts_of_upstream ON call_attempts (upstream_id, id) WHERE outcome NOT IN ('answered', 'caller', 'gone', 'unaffordable');

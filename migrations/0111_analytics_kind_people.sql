-- Who called through an app on a UTC day by kind of call, as sets of numbers in the form of `analytics_people`: how many different people used
-- an endpoint, a model or a scope was counted from every person's days, which at a million people took half a minute.
CREATE TABLE analytics_kind_people (
  client_id INTEGER NOT NULL,
  day       INTEGER NOT NULL,
  scope     TEXT NOT NULL,
  route_id  INTEGER NOT NULL, -- 0: none
  chunk     INTEGER NOT NULL,
  people    INTEGER NOT NULL CHECK (people > 0),
  bits      BLOB NOT NULL CHECK (length(bits) IN (1024, people * 2)),
  PRIMARY KEY (client_id, day, scope, route_id, chunk)
) STRICT, WITHOUT ROWID;
-- From this day on the sets by kind are whole; those of the days before are made from days of wallets, day by day, backwards.
ALTER TABLE analytics_fold ADD COLUMN kinds_from_day INTEGER NOT NULL DEFAULT 0;
UPDATE analytics_fold SET kinds_from_day = COALESCE((SELECT MAX(day) + 1 FROM analytics_app_days), 0);

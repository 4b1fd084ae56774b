-- What webhooks watch for: which UTC day of an app was told of last, and whose credits are low already.
CREATE TABLE webhook_days (
  client_id INTEGER PRIMARY KEY,
  day       INTEGER NOT NULL
) STRICT;

CREATE TABLE webhook_lows (
  user_id INTEGER PRIMARY KEY,
  low_ms  INTEGER NOT NULL
) STRICT;

-- What an API key is called where its calls are told of.
CREATE VIEW v_key_names AS SELECT id AS key_id, public_id FROM api_keys;

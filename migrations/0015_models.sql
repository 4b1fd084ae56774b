-- Which model answers: what people prefer, for everything or for one app, and models that the operator sells under names of their own.

-- `client_id` 0 = everywhere. A row without what it says is no row: the tier is always said.
CREATE TABLE model_preferences (
  user_id   INTEGER NOT NULL,
  client_id INTEGER NOT NULL CHECK (client_id >= 0),
  cost_tier TEXT NOT NULL CHECK (cost_tier IN ('low', 'middle', 'high')),
  -- Names of providers, apart by blanks, the favourite first; '' = no order.
  providers TEXT NOT NULL CHECK (length(providers) <= 1000),
  PRIMARY KEY (user_id, client_id)
) STRICT, WITHOUT ROWID;

-- A model named for a capability, by people whose plan allows it.
CREATE TABLE model_choices (
  user_id    INTEGER NOT NULL,
  client_id  INTEGER NOT NULL CHECK (client_id >= 0),
  capability TEXT NOT NULL CHECK (length(capability) BETWEEN 1 AND 40),
  model      TEXT NOT NULL CHECK (length(model) BETWEEN 1 AND 256),
  PRIMARY KEY (user_id, client_id, capability)
) STRICT, WITHOUT ROWID;

-- House models: a public name, the model that answers, and what it is sold at. n$ per 1,000 tokens, n$ a call.
CREATE TABLE house_models (
  id              INTEGER PRIMARY KEY,
  public_id       TEXT NOT NULL UNIQUE,
  name            TEXT NOT NULL UNIQUE COLLATE NOCASE CHECK (length(name) BETWEEN 1 AND 100),
  model           TEXT NOT NULL CHECK (length(model) BETWEEN 1 AND 256),
  input_1k_nano   INTEGER NOT NULL CHECK (input_1k_nano >= 0),
  output_1k_nano  INTEGER NOT NULL CHECK (output_1k_nano >= 0),
  fee_nano        INTEGER NOT NULL CHECK (fee_nano >= 0),
  active          INTEGER NOT NULL CHECK (active IN (0, 1)),
  created_ms      INTEGER NOT NULL,
  updated_ms      INTEGER NOT NULL
) STRICT;

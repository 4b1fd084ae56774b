-- What people are told of how credits are spent: that they run low, that an app's pool does, and the letter about a month.
CREATE TABLE spending_lows (
  -- A person or a team: whose wallet is watched.
  owner_id   INTEGER PRIMARY KEY REFERENCES principals (id),
  -- Below so many n$ they are low; NULL: the usual mark.
  below_nano INTEGER CHECK (below_nano BETWEEN 1 AND 9007199254740991),
  -- Since when they are, and it was told; NULL: they are not, or came back since.
  low_ms     INTEGER
) STRICT;

CREATE TABLE spending_pools (
  pool_id   INTEGER PRIMARY KEY REFERENCES principals (id),
  -- What it had when it was filled last, n$: a part of it is low.
  full_nano INTEGER NOT NULL CHECK (full_nano >= 0),
  -- What its developer was told since.
  told      TEXT CHECK (told IN ('low', 'empty'))
) STRICT;

-- The letter about a month: one row, how far it went. Who is written to stands in the mails alone.
CREATE TABLE spending_letters (
  id              INTEGER PRIMARY KEY CHECK (id = 1),
  -- The month that it is about, counted from 1970-01.
  month           INTEGER NOT NULL,
  through_user_id INTEGER NOT NULL,
  done_ms         INTEGER
) STRICT;

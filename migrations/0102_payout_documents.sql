-- Who a payee is: documents that they send, sealed, and what an admin made of them. A large sum is paid to nobody whom nobody has looked at.
CREATE TABLE payout_checks (
  owner_id   INTEGER PRIMARY KEY,
  state      TEXT NOT NULL CHECK (state IN ('pending', 'approved', 'refused')),
  -- Why it was refused, as its person reads it.
  because    TEXT CHECK (length(because) <= 500),
  asked_ms   INTEGER NOT NULL,
  decided_ms INTEGER,
  CHECK ((state = 'pending') = (decided_ms IS NULL)),
  CHECK (because IS NULL OR state = 'refused')
) STRICT;
CREATE INDEX payout_checks_waiting ON payout_checks (asked_ms) WHERE state = 'pending';

CREATE TABLE payout_documents (
  id         INTEGER PRIMARY KEY,
  public_id  TEXT NOT NULL UNIQUE CHECK (public_id GLOB 'pyd_*'),
  owner_id   INTEGER NOT NULL,
  kind       TEXT NOT NULL CHECK (kind IN ('identity', 'address', 'company', 'tax')),
  -- As its bytes say.
  format     TEXT NOT NULL CHECK (format IN ('pdf', 'jpeg', 'png')),
  bytes      INTEGER NOT NULL CHECK (bytes > 0),
  -- Base64 of it, sealed.
  sealed     TEXT NOT NULL,
  created_ms INTEGER NOT NULL,
  -- Its person left; a tax document of somebody who was paid is kept until then.
  ends_ms    INTEGER CHECK (ends_ms IS NULL OR kind = 'tax')
) STRICT;
CREATE INDEX payout_documents_of_owner ON payout_documents (owner_id, id);
CREATE INDEX payout_documents_that_end ON payout_documents (ends_ms) WHERE ends_ms IS NOT NULL;

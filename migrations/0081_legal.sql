-- What an operator published of the legal pages; without a row the text of the executable holds. Rows never change: the history is public.
CREATE TABLE legal_versions (
  id           INTEGER PRIMARY KEY,
  text         TEXT NOT NULL CHECK (text IN ('terms', 'privacy', 'developer-agreement', 'cookie-policy')),
  version      TEXT NOT NULL CHECK (length(version) BETWEEN 7 AND 20),
  -- Markdown.
  source       TEXT NOT NULL CHECK (length(source) BETWEEN 1 AND 40000),
  -- What changed, for people.
  changes      TEXT NOT NULL CHECK (length(changes) BETWEEN 1 AND 500),
  -- People have to say yes again.
  asks         INTEGER NOT NULL CHECK (asks IN (0, 1)),
  effective_ms INTEGER NOT NULL,
  created_ms   INTEGER NOT NULL,
  UNIQUE (text, version)
) STRICT;
-- Who said yes to which version of the terms; those of developers are in developer_agreements.
CREATE TABLE legal_acceptances (
  id          INTEGER PRIMARY KEY,
  user_id     INTEGER NOT NULL,
  text        TEXT NOT NULL CHECK (text = 'terms'),
  version     TEXT NOT NULL,
  accepted_ms INTEGER NOT NULL,
  UNIQUE (user_id, text, version)
) STRICT;

-- What is written about the APIs of the marketplace beside their endpoints, where their documents came from, and whose servers they are.

-- The OpenAPI document that a product was imported from, as it came; and one that waits for its publisher's word. Not a column of products: it is
-- 5 MB at most, and products are read in lists.
CREATE TABLE market_documents (
  product_id  INTEGER NOT NULL REFERENCES market_products (id),
  -- 'current', or 'waiting' until somebody looked at what it changes.
  state       TEXT NOT NULL CHECK (state IN ('current', 'waiting')),
  text        TEXT NOT NULL,
  -- Where it was fetched; null = a file, or typed in.
  source_url  TEXT,
  created_ms  INTEGER NOT NULL,
  PRIMARY KEY (product_id, state)
) STRICT;

-- Longer texts in Markdown, apart from the endpoints.
CREATE TABLE market_guides (
  id          INTEGER PRIMARY KEY,
  public_id   TEXT NOT NULL UNIQUE CHECK (public_id GLOB 'gde_*'),
  product_id  INTEGER NOT NULL REFERENCES market_products (id),
  position    INTEGER NOT NULL,
  title       TEXT NOT NULL CHECK (length(title) BETWEEN 1 AND 80),
  body        TEXT NOT NULL,
  created_ms  INTEGER NOT NULL,
  updated_ms  INTEGER NOT NULL
) STRICT;
CREATE INDEX market_guides_of ON market_guides (product_id, position, id);

CREATE TABLE market_changes (
  id           INTEGER PRIMARY KEY,
  public_id    TEXT NOT NULL UNIQUE CHECK (public_id GLOB 'chg_*'),
  product_id   INTEGER NOT NULL REFERENCES market_products (id),
  version      TEXT NOT NULL,
  title        TEXT NOT NULL CHECK (length(title) BETWEEN 1 AND 120),
  -- Markdown.
  body         TEXT NOT NULL DEFAULT '',
  -- Callers have to change something.
  breaking     INTEGER NOT NULL CHECK (breaking IN (0, 1)),
  -- Subscribers who want mails got one.
  mailed_ms    INTEGER,
  -- The last user who got it; mails go out slice by slice, each once.
  mailed_to    INTEGER NOT NULL DEFAULT 0,
  published_ms INTEGER NOT NULL,
  updated_ms   INTEGER NOT NULL
) STRICT;
CREATE INDEX market_changes_of ON market_changes (product_id, id);

-- Who wants mails about a product's changes.
CREATE TABLE market_followers (
  product_id INTEGER NOT NULL REFERENCES market_products (id),
  user_id    INTEGER NOT NULL,
  since_ms   INTEGER NOT NULL,
  PRIMARY KEY (product_id, user_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX market_followers_of_user ON market_followers (user_id);

-- Where help is, for plans of at least this level of support.
CREATE TABLE market_contacts (
  id         INTEGER PRIMARY KEY,
  public_id  TEXT NOT NULL UNIQUE CHECK (public_id GLOB 'ctc_*'),
  product_id INTEGER NOT NULL REFERENCES market_products (id),
  level      TEXT NOT NULL CHECK (level IN ('community', 'email', 'priority', 'dedicated')),
  kind       TEXT NOT NULL CHECK (kind IN ('email', 'chat', 'tickets', 'forum', 'person', 'status')),
  label      TEXT NOT NULL CHECK (length(label) BETWEEN 1 AND 80),
  -- A mail address, or an https address.
  target     TEXT NOT NULL,
  created_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX market_contacts_of ON market_contacts (product_id, id);

CREATE TABLE market_questions (
  id         INTEGER PRIMARY KEY,
  public_id  TEXT NOT NULL UNIQUE CHECK (public_id GLOB 'faq_*'),
  product_id INTEGER NOT NULL REFERENCES market_products (id),
  position   INTEGER NOT NULL,
  question   TEXT NOT NULL CHECK (length(question) BETWEEN 1 AND 200),
  -- Markdown.
  answer     TEXT NOT NULL,
  created_ms INTEGER NOT NULL,
  updated_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX market_questions_of ON market_questions (product_id, position, id);

-- Hosts that a publisher says are theirs, what proves it, and whether it did.
CREATE TABLE market_hosts (
  publisher_id INTEGER NOT NULL REFERENCES market_publishers (id),
  host         TEXT NOT NULL,
  -- Public: it says who claims, it lets nobody in.
  token        TEXT NOT NULL,
  proven_ms    INTEGER,
  proven_by    TEXT CHECK (proven_by IN ('dns', 'file', 'admin')),
  tried_ms     INTEGER,
  created_ms   INTEGER NOT NULL,
  PRIMARY KEY (publisher_id, host)
) STRICT;

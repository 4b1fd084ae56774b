-- The directory of apps: what a developer writes of an app, what of it everybody sees, and what people report.

-- One an app. The words are the developer's last ones; what everybody sees is a copy of them, made when they are listed.
CREATE TABLE directory_listings (
  client_id   INTEGER PRIMARY KEY,
  -- /directory/<slug>
  slug        TEXT NOT NULL UNIQUE CHECK (length(slug) BETWEEN 3 AND 50),
  state       TEXT NOT NULL CHECK (state IN ('draft', 'listed', 'unlisted', 'suspended')),
  tagline     TEXT NOT NULL CHECK (length(tagline) <= 120),
  -- Markdown.
  description TEXT NOT NULL CHECK (length(description) <= 8000),
  category    TEXT NOT NULL CHECK (length(category) <= 40),
  -- In small letters, a space between them.
  tags        TEXT NOT NULL CHECK (length(tags) <= 200),
  url         TEXT NOT NULL CHECK (length(url) <= 1000),
  source_url  TEXT NOT NULL CHECK (length(source_url) <= 1000),
  -- What it costs, in the developer's words.
  price_words TEXT NOT NULL CHECK (length(price_words) <= 200),
  saved_ms    INTEGER NOT NULL,
  -- Since when the words wait for an admin.
  asked_ms    INTEGER,
  -- What an admin last said of it, and when.
  remark      TEXT CHECK (length(remark) <= 500),
  remarked_ms INTEGER,
  created_ms  INTEGER NOT NULL,
  CHECK ((remark IS NULL) = (remarked_ms IS NULL)),
  CHECK (asked_ms IS NULL OR state <> 'suspended')
) STRICT;
CREATE INDEX directory_listings_waiting ON directory_listings (asked_ms) WHERE asked_ms IS NOT NULL;
CREATE INDEX directory_listings_state ON directory_listings (state, client_id);

-- Screenshots. One that was taken away stays for as long as the copy that everybody sees has it.
CREATE TABLE directory_shots (
  id         INTEGER PRIMARY KEY,
  public_id  TEXT NOT NULL UNIQUE,
  client_id  INTEGER NOT NULL,
  position   INTEGER NOT NULL,
  -- What it shows, for who cannot see it.
  alt        TEXT NOT NULL CHECK (length(alt) BETWEEN 1 AND 200),
  removed_ms INTEGER,
  created_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX directory_shots_client ON directory_shots (client_id, position, id);

-- What everybody sees. Whether the app still lives is asked of the app itself, with every look.
CREATE TABLE directory_cards (
  client_id    INTEGER PRIMARY KEY REFERENCES directory_listings (client_id),
  tagline      TEXT NOT NULL,
  description  TEXT NOT NULL,
  category     TEXT NOT NULL,
  tags         TEXT NOT NULL,
  url          TEXT NOT NULL,
  source_url   TEXT NOT NULL,
  price_words  TEXT NOT NULL,
  -- JSON: [{ "id": "sht_…", "alt": "…" }]
  shots        TEXT NOT NULL,
  featured_ms  INTEGER,
  listed_ms    INTEGER NOT NULL,
  published_ms INTEGER NOT NULL,
  -- People who used it in the 30 days before, by the sums of analytics.
  people       INTEGER NOT NULL DEFAULT 0 CHECK (people >= 0),
  people_ms    INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX directory_cards_new ON directory_cards (listed_ms, client_id);
CREATE INDEX directory_cards_used ON directory_cards (people, client_id);
CREATE INDEX directory_cards_due ON directory_cards (people_ms, client_id);
CREATE INDEX directory_cards_category ON directory_cards (category);

-- Every three characters in a row, case and accents folded; it holds no text of its own.
CREATE VIRTUAL TABLE directory_search USING fts5(
  name, tagline, tags, developer, description,
  content = '', contentless_delete = 1, tokenize = 'trigram remove_diacritics 1'
);

-- What people say against a listing. NULL: somebody who was not signed in; nothing else of them is kept.
CREATE TABLE directory_reports (
  id         INTEGER PRIMARY KEY,
  client_id  INTEGER NOT NULL,
  user_id    INTEGER,
  kind       TEXT NOT NULL CHECK (kind IN ('scam', 'harmful', 'copy', 'broken', 'spam', 'other')),
  words      TEXT NOT NULL CHECK (length(words) <= 1000),
  created_ms INTEGER NOT NULL,
  decided_ms INTEGER
) STRICT;
CREATE INDEX directory_reports_open ON directory_reports (client_id, id) WHERE decided_ms IS NULL;
CREATE INDEX directory_reports_decided ON directory_reports (decided_ms) WHERE decided_ms IS NOT NULL;
CREATE INDEX directory_reports_user ON directory_reports (user_id) WHERE user_id IS NOT NULL;
CREATE INDEX directory_reports_time ON directory_reports (created_ms);

-- Apps that may be shown: live ones, of people who may act, that nobody suspended or is deleting.
CREATE VIEW v_directory_apps AS
  SELECT c.id AS client_id, c.public_id, c.owner_id, c.name FROM oauth_clients c JOIN users u ON u.id = c.owner_id
  WHERE c.mode = 'live' AND c.suspended_ms IS NULL AND c.removed_ms IS NULL AND c.ends_ms IS NULL AND u.status = 'active';

-- An app that goes takes everything of the directory along.
CREATE TRIGGER directory_of_gone_app AFTER DELETE ON oauth_clients BEGIN
  DELETE FROM directory_search WHERE rowid = OLD.id;
  DELETE FROM directory_cards WHERE client_id = OLD.id;
  DELETE FROM directory_shots WHERE client_id = OLD.id;
  DELETE FROM directory_reports WHERE client_id = OLD.id;
  DELETE FROM directory_listings WHERE client_id = OLD.id;
END;

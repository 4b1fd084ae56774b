-- What subscribers think of an API: one review a person and product, which its publisher answers and anybody reports.
CREATE TABLE market_reviews (
  id             INTEGER PRIMARY KEY,
  public_id      TEXT NOT NULL UNIQUE CHECK (public_id GLOB 'mrv_*'),
  product_id     INTEGER NOT NULL REFERENCES market_products (id),
  user_id        INTEGER NOT NULL,
  stars          INTEGER NOT NULL CHECK (stars BETWEEN 1 AND 5),
  title          TEXT NOT NULL CHECK (length(title) BETWEEN 1 AND 80),
  text           TEXT NOT NULL DEFAULT '' CHECK (length(text) <= 2000),
  answer         TEXT CHECK (length(answer) BETWEEN 1 AND 2000),
  answered_ms    INTEGER CHECK ((answered_ms IS NULL) = (answer IS NULL)),
  -- Taken down by an admin: shown to its author alone, and not counted.
  hidden_ms      INTEGER,
  hidden_because TEXT CHECK ((hidden_because IS NULL) = (hidden_ms IS NULL)),
  created_ms     INTEGER NOT NULL,
  updated_ms     INTEGER NOT NULL,
  -- NULL = never.
  edited_ms      INTEGER
) STRICT;
CREATE UNIQUE INDEX market_reviews_one ON market_reviews (product_id, user_id);
CREATE INDEX market_reviews_of_user ON market_reviews (user_id, id);

CREATE TABLE market_review_reports (
  review_id  INTEGER NOT NULL REFERENCES market_reviews (id),
  user_id    INTEGER NOT NULL,
  reason     TEXT NOT NULL CHECK (length(reason) BETWEEN 1 AND 500),
  created_ms INTEGER NOT NULL,
  -- An admin has looked at it.
  decided_ms INTEGER,
  PRIMARY KEY (review_id, user_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX market_review_reports_open ON market_review_reports (created_ms) WHERE decided_ms IS NULL;
CREATE INDEX market_review_reports_of_user ON market_review_reports (user_id);

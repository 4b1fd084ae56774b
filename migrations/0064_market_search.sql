-- Finding products: what their cards show, and an index over their words. Both are made from the other tables, and may be made anew at any time.

-- One row for each product that is shown to everybody.
CREATE TABLE market_cards (
  product_id   INTEGER PRIMARY KEY REFERENCES market_products (id),
  slug         TEXT NOT NULL,
  title        TEXT NOT NULL,
  tagline      TEXT NOT NULL,
  publisher    TEXT NOT NULL,
  has_free     INTEGER NOT NULL CHECK (has_free IN (0, 1)),
  -- Its cheapest plan that costs something.
  from_nano    INTEGER,
  from_cycle   TEXT CHECK ((from_cycle IS NULL) = (from_nano IS NULL)),
  endpoints    INTEGER NOT NULL,
  stars        INTEGER NOT NULL,
  reviews      INTEGER NOT NULL,
  featured_ms  INTEGER,
  published_ms INTEGER NOT NULL,
  -- For the order: a few reviews weigh less than many.
  weight       INTEGER NOT NULL
) STRICT;
CREATE INDEX market_cards_best ON market_cards (featured_ms IS NULL, weight DESC, product_id);
CREATE INDEX market_cards_new ON market_cards (published_ms DESC, product_id);
CREATE INDEX market_cards_rated ON market_cards (weight DESC, product_id);
CREATE INDEX market_cards_named ON market_cards (title COLLATE NOCASE, product_id);

-- Every three characters in a row, case and accents folded; it holds no text of its own.
CREATE VIRTUAL TABLE market_search USING fts5(
  title, tagline, publisher, endpoints, overview,
  content = '', contentless_delete = 1, tokenize = 'trigram remove_diacritics 1'
);

-- Products whose card is not what their rows say any more.
CREATE TABLE market_stale (product_id INTEGER PRIMARY KEY) STRICT;
INSERT INTO market_stale (product_id) SELECT id FROM market_products;

CREATE TRIGGER market_stale_new_product AFTER INSERT ON market_products BEGIN
  INSERT OR IGNORE INTO market_stale VALUES (NEW.id);
END;
CREATE TRIGGER market_stale_product AFTER UPDATE OF slug, title, tagline, overview, state, featured_ms, published_ms ON market_products BEGIN
  INSERT OR IGNORE INTO market_stale VALUES (NEW.id);
END;
CREATE TRIGGER market_stale_publisher AFTER UPDATE OF name, suspended_ms ON market_publishers
WHEN OLD.name IS NOT NEW.name OR OLD.suspended_ms IS NOT NEW.suspended_ms
BEGIN
  INSERT OR IGNORE INTO market_stale SELECT id FROM market_products WHERE publisher_id = NEW.id;
END;
CREATE TRIGGER market_stale_new_endpoint AFTER INSERT ON market_endpoints BEGIN
  INSERT OR IGNORE INTO market_stale VALUES (NEW.product_id);
END;
CREATE TRIGGER market_stale_endpoint AFTER UPDATE OF method, path, title, removed_ms ON market_endpoints BEGIN
  INSERT OR IGNORE INTO market_stale VALUES (NEW.product_id);
END;
CREATE TRIGGER market_stale_plan AFTER UPDATE OF retired_ms ON market_plans BEGIN
  INSERT OR IGNORE INTO market_stale VALUES (NEW.product_id);
END;
CREATE TRIGGER market_stale_terms AFTER INSERT ON market_plan_terms BEGIN
  INSERT OR IGNORE INTO market_stale SELECT product_id FROM market_plans WHERE id = NEW.plan_id;
END;
CREATE TRIGGER market_stale_terms_changed AFTER UPDATE OF price_nano, cycle ON market_plan_terms BEGIN
  INSERT OR IGNORE INTO market_stale SELECT product_id FROM market_plans WHERE id = NEW.plan_id;
END;
CREATE TRIGGER market_stale_new_review AFTER INSERT ON market_reviews BEGIN
  INSERT OR IGNORE INTO market_stale VALUES (NEW.product_id);
END;
CREATE TRIGGER market_stale_review AFTER UPDATE OF stars, hidden_ms ON market_reviews BEGIN
  INSERT OR IGNORE INTO market_stale VALUES (NEW.product_id);
END;
CREATE TRIGGER market_stale_review_gone AFTER DELETE ON market_reviews BEGIN
  INSERT OR IGNORE INTO market_stale VALUES (OLD.product_id);
END;

-- Prices of what media models make: rates of tokens of pictures, and what is paid one by one.

-- The same rates, with two kinds more.
CREATE TABLE model_price_rates_more (
  price_id       INTEGER NOT NULL REFERENCES model_prices (id) ON DELETE CASCADE,
  kind           TEXT NOT NULL CHECK (kind IN ('input', 'output', 'cacheRead', 'cacheWrite', 'cacheWrite1h', 'inputAudio', 'outputAudio',
                                               'cacheAudioRead', 'reasoning', 'inputImage', 'outputImage')),
  above_tokens   INTEGER NOT NULL DEFAULT 0 CHECK (above_tokens BETWEEN 0 AND 1000000000),
  micro_per_mtok INTEGER NOT NULL CHECK (micro_per_mtok BETWEEN 0 AND 10000000000),
  PRIMARY KEY (price_id, kind, above_tokens)
) STRICT, WITHOUT ROWID;
INSERT INTO model_price_rates_more SELECT price_id, kind, above_tokens, micro_per_mtok FROM model_price_rates;
DROP TABLE model_price_rates;
ALTER TABLE model_price_rates_more RENAME TO model_price_rates;

-- Of an override: n$ for one picture, second, character or search; `asked` is its size and quality, `*` any other.
CREATE TABLE model_price_made (
  price_id  INTEGER NOT NULL REFERENCES model_prices (id) ON DELETE CASCADE,
  unit      TEXT NOT NULL CHECK (unit IN ('image', 'second', 'character', 'search')),
  asked     TEXT NOT NULL CHECK (length(asked) BETWEEN 1 AND 64),
  nano_each INTEGER NOT NULL CHECK (nano_each BETWEEN 0 AND 1000000000000),
  PRIMARY KEY (price_id, unit, asked)
) STRICT, WITHOUT ROWID;

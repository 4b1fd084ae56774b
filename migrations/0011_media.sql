-- Pictures: encoded by us, named by what they hold, counted for whoever sent them, kept while they are shown somewhere.

CREATE TABLE images (
  id         INTEGER PRIMARY KEY,
  -- `img_` and 128 bits of the SHA-256 of its files: the same picture is stored once.
  public_id  TEXT NOT NULL UNIQUE CHECK (public_id GLOB 'img_*' AND length(public_id) = 36),
  width      INTEGER NOT NULL CHECK (width > 0),
  height     INTEGER NOT NULL CHECK (height > 0),
  -- Of all its files.
  bytes      INTEGER NOT NULL CHECK (bytes > 0),
  created_ms INTEGER NOT NULL CHECK (created_ms >= 0)
) STRICT;

CREATE TABLE image_files (
  image_id INTEGER NOT NULL REFERENCES images (id),
  width    INTEGER NOT NULL CHECK (width > 0),
  height   INTEGER NOT NULL CHECK (height > 0),
  type     TEXT NOT NULL CHECK (type IN ('image/webp', 'image/png', 'image/jpeg')),
  bytes    BLOB NOT NULL CHECK (length(bytes) > 0),
  PRIMARY KEY (image_id, width)
) STRICT;

-- Who sent it, and so may show it; the quota counts these rows.
CREATE TABLE image_owners (
  image_id   INTEGER NOT NULL REFERENCES images (id),
  user_id    INTEGER NOT NULL,
  created_ms INTEGER NOT NULL CHECK (created_ms >= 0),
  PRIMARY KEY (image_id, user_id)
) STRICT;
CREATE INDEX image_owners_user ON image_owners (user_id);
CREATE INDEX image_owners_age ON image_owners (created_ms);

-- Where it is shown: one picture a place.
CREATE TABLE image_uses (
  purpose    TEXT NOT NULL CHECK (purpose IN ('avatar', 'icon', 'screenshot')),
  -- Public id of whom or what it shows.
  subject    TEXT NOT NULL,
  image_id   INTEGER NOT NULL,
  user_id    INTEGER NOT NULL,
  created_ms INTEGER NOT NULL CHECK (created_ms >= 0),
  PRIMARY KEY (purpose, subject),
  FOREIGN KEY (image_id, user_id) REFERENCES image_owners (image_id, user_id)
) STRICT;
CREATE INDEX image_uses_image ON image_uses (image_id, user_id);

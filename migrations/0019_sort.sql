-- Names in the order that people expect, whatever letters they are written with.

-- The name without case and accents, with numbers by their size; sort-name.ts makes it, nothing else may. Null without a name, and until
-- the server has started once for rows that were there before.
ALTER TABLE users ADD COLUMN sort_name TEXT;
CREATE INDEX users_unsorted ON users (id) WHERE name IS NOT NULL AND sort_name IS NULL;

DROP VIEW v_identity_users;
CREATE VIEW v_identity_users AS
  SELECT id, public_id, email, email_verified_ms, name, sort_name, is_admin, status, status_reason, status_ms, created_ms
  FROM users;

-- Lists of people: finding them by any part of a name or address, and lists as an admin keeps them.

-- Every three characters in a row of address and name, case and accents folded. It stores no text of its own: a row is found here and
-- read from `users`. Questions of one or two characters are answered by reading `users`.
CREATE VIRTUAL TABLE users_search USING fts5(
  email, name, content = 'users', content_rowid = 'id', tokenize = 'trigram remove_diacritics 1'
);
INSERT INTO users_search (users_search) VALUES ('rebuild');
CREATE TRIGGER users_search_insert AFTER INSERT ON users BEGIN
  INSERT INTO users_search (rowid, email, name) VALUES (NEW.id, NEW.email, NEW.name);
END;
-- An index without its own text must be told what it held.
CREATE TRIGGER users_search_update AFTER UPDATE OF email, name ON users
WHEN OLD.email IS NOT NEW.email OR OLD.name IS NOT NEW.name
BEGIN
  INSERT INTO users_search (users_search, rowid, email, name) VALUES ('delete', OLD.id, OLD.email, OLD.name);
  INSERT INTO users_search (rowid, email, name) VALUES (NEW.id, NEW.email, NEW.name);
END;
CREATE TRIGGER users_search_delete AFTER DELETE ON users BEGIN
  INSERT INTO users_search (users_search, rowid, email, name) VALUES ('delete', OLD.id, OLD.email, OLD.name);
END;
-- Nothing looks for the beginning of a name any more.
DROP INDEX users_name;

-- A list with its filters and order, under a name of the person who keeps it.
CREATE TABLE saved_lists (
  id         INTEGER PRIMARY KEY,
  user_id    INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  -- Path of the page, and its query without a place in the list.
  page       TEXT NOT NULL CHECK (page GLOB '/*' AND length(page) <= 100),
  query      TEXT NOT NULL CHECK (length(query) <= 1000),
  name       TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 40),
  created_ms INTEGER NOT NULL CHECK (created_ms >= 0),
  UNIQUE (user_id, page, name)
) STRICT;

-- For the admin's lists.
CREATE VIEW v_identity_sessions AS SELECT user_id, kind, created_ms, seen_ms, ended_ms FROM sessions;
CREATE VIEW v_ledger_person_wallets AS
  SELECT id AS account_id, owner_id AS user_id, mode, balance_nano FROM v_accounts
  WHERE owner_kind = 'principal' AND kind = 'wallet' AND asset = 'usd_nano';
CREATE VIEW v_oauth_grants AS SELECT public_id, user_id, client_id, created_ms, revoked_ms FROM oauth_grants;
CREATE VIEW v_audit_log AS
  SELECT id, at_ms, actor, on_behalf_of, request_id, reason, action, subject, before, after FROM audit_log;

-- How many people let an app in, and how many came on a day, are sums that each permission keeps: an app may have a million people.

-- `users` of `standing`: who signs in to the app (`openid`), and let it in since it belongs to who has it now.
CREATE TABLE oauth_consent_counts (
  client_id INTEGER PRIMARY KEY REFERENCES oauth_clients (id) ON DELETE CASCADE,
  standing  INTEGER NOT NULL CHECK (standing >= 0),
  users     INTEGER NOT NULL CHECK (users BETWEEN 0 AND standing)
) STRICT;
-- By UTC day of the first permission of each person, whether it stands or not.
CREATE TABLE oauth_consent_days (
  client_id INTEGER NOT NULL REFERENCES oauth_clients (id) ON DELETE CASCADE,
  day       INTEGER NOT NULL,
  people    INTEGER NOT NULL CHECK (people >= 0),
  PRIMARY KEY (client_id, day)
) STRICT, WITHOUT ROWID;

INSERT INTO oauth_consent_counts (client_id, standing, users)
  SELECT n.client_id, SUM(n.revoked_ms IS NULL),
         SUM(n.revoked_ms IS NULL AND instr(' ' || n.scopes || ' ', ' openid ') > 0 AND n.granted_ms > COALESCE(c.moved_ms, 0))
  FROM oauth_consents n JOIN oauth_clients c ON c.id = n.client_id GROUP BY n.client_id;
INSERT INTO oauth_consent_days (client_id, day, people)
  SELECT client_id, created_ms / 86400000, COUNT(*) FROM oauth_consents GROUP BY 1, 2;

CREATE TRIGGER oauth_consents_given AFTER INSERT ON oauth_consents BEGIN
  INSERT INTO oauth_consent_counts (client_id, standing, users)
    SELECT NEW.client_id, 0, 0 WHERE NOT EXISTS (SELECT 1 FROM oauth_consent_counts WHERE client_id = NEW.client_id);
  UPDATE oauth_consent_counts SET
    standing = standing + (NEW.revoked_ms IS NULL),
    users = users + (NEW.revoked_ms IS NULL AND instr(' ' || NEW.scopes || ' ', ' openid ') > 0
      AND NEW.granted_ms > COALESCE((SELECT moved_ms FROM oauth_clients WHERE id = NEW.client_id), 0))
  WHERE client_id = NEW.client_id;
  INSERT INTO oauth_consent_days (client_id, day, people)
    SELECT NEW.client_id, NEW.created_ms / 86400000, 0 WHERE NOT EXISTS (
      SELECT 1 FROM oauth_consent_days WHERE client_id = NEW.client_id AND day = NEW.created_ms / 86400000);
  UPDATE oauth_consent_days SET people = people + 1 WHERE client_id = NEW.client_id AND day = NEW.created_ms / 86400000;
END;
CREATE TRIGGER oauth_consents_given_anew AFTER UPDATE OF scopes, granted_ms, revoked_ms ON oauth_consents BEGIN
  UPDATE oauth_consent_counts SET
    standing = standing - (OLD.revoked_ms IS NULL) + (NEW.revoked_ms IS NULL),
    users = users
      - (OLD.revoked_ms IS NULL AND instr(' ' || OLD.scopes || ' ', ' openid ') > 0
         AND OLD.granted_ms > COALESCE((SELECT moved_ms FROM oauth_clients WHERE id = OLD.client_id), 0))
      + (NEW.revoked_ms IS NULL AND instr(' ' || NEW.scopes || ' ', ' openid ') > 0
         AND NEW.granted_ms > COALESCE((SELECT moved_ms FROM oauth_clients WHERE id = NEW.client_id), 0))
  WHERE client_id = NEW.client_id;
END;
CREATE TRIGGER oauth_consents_gone AFTER DELETE ON oauth_consents BEGIN
  UPDATE oauth_consent_counts SET
    standing = standing - (OLD.revoked_ms IS NULL),
    users = users - (OLD.revoked_ms IS NULL AND instr(' ' || OLD.scopes || ' ', ' openid ') > 0
      AND OLD.granted_ms > COALESCE((SELECT moved_ms FROM oauth_clients WHERE id = OLD.client_id), 0))
  WHERE client_id = OLD.client_id;
  UPDATE oauth_consent_days SET people = people - 1 WHERE client_id = OLD.client_id AND day = OLD.created_ms / 86400000;
END;
-- Whose permission it is, for which app and since when, are facts: sums by them need no trigger.
CREATE TRIGGER oauth_consents_facts BEFORE UPDATE OF client_id, user_id, created_ms ON oauth_consents
  WHEN OLD.client_id <> NEW.client_id OR OLD.user_id <> NEW.user_id OR OLD.created_ms <> NEW.created_ms
  BEGIN SELECT RAISE(ABORT, 'whose permission it is, for which app and since when does not change'); END;
CREATE TRIGGER oauth_consents_moved AFTER UPDATE OF moved_ms ON oauth_clients BEGIN
  UPDATE oauth_consent_counts SET users = (
    SELECT COUNT(*) FROM oauth_consents n
    WHERE n.client_id = NEW.id AND n.granted_ms > COALESCE(NEW.moved_ms, 0) AND n.revoked_ms IS NULL
      AND instr(' ' || n.scopes || ' ', ' openid ') > 0)
  WHERE client_id = NEW.id;
END;

DROP INDEX oauth_consents_standing;
DROP INDEX oauth_consents_came;
CREATE VIEW v_oauth_consent_counts AS SELECT client_id, standing, users FROM oauth_consent_counts;
CREATE VIEW v_oauth_consent_days AS SELECT client_id, day, people FROM oauth_consent_days;

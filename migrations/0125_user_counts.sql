-- How many people there are of each sort, kept by their rows: a list of a million says it on every page.
CREATE TABLE user_counts (
  status   TEXT NOT NULL,
  verified INTEGER NOT NULL CHECK (verified IN (0, 1)),
  test     INTEGER NOT NULL CHECK (test IN (0, 1)),
  people   INTEGER NOT NULL CHECK (people >= 0),
  PRIMARY KEY (status, verified, test)
) STRICT, WITHOUT ROWID;
INSERT INTO user_counts (status, verified, test, people)
  SELECT status, email_verified_ms IS NOT NULL, test_of IS NOT NULL, COUNT(*) FROM users GROUP BY 1, 2, 3;
CREATE TRIGGER users_counted AFTER INSERT ON users BEGIN
  INSERT INTO user_counts (status, verified, test, people)
    SELECT NEW.status, NEW.email_verified_ms IS NOT NULL, NEW.test_of IS NOT NULL, 0 WHERE NOT EXISTS (
      SELECT 1 FROM user_counts
      WHERE (status, verified, test) = (NEW.status, NEW.email_verified_ms IS NOT NULL, NEW.test_of IS NOT NULL));
  UPDATE user_counts SET people = people + 1
    WHERE (status, verified, test) = (NEW.status, NEW.email_verified_ms IS NOT NULL, NEW.test_of IS NOT NULL);
END;
CREATE TRIGGER users_counted_anew AFTER UPDATE OF status, email_verified_ms, test_of ON users BEGIN
  UPDATE user_counts SET people = people - 1
    WHERE (status, verified, test) = (OLD.status, OLD.email_verified_ms IS NOT NULL, OLD.test_of IS NOT NULL);
  INSERT INTO user_counts (status, verified, test, people)
    SELECT NEW.status, NEW.email_verified_ms IS NOT NULL, NEW.test_of IS NOT NULL, 0 WHERE NOT EXISTS (
      SELECT 1 FROM user_counts
      WHERE (status, verified, test) = (NEW.status, NEW.email_verified_ms IS NOT NULL, NEW.test_of IS NOT NULL));
  UPDATE user_counts SET people = people + 1
    WHERE (status, verified, test) = (NEW.status, NEW.email_verified_ms IS NOT NULL, NEW.test_of IS NOT NULL);
END;
CREATE TRIGGER users_uncounted AFTER DELETE ON users BEGIN
  UPDATE user_counts SET people = people - 1
    WHERE (status, verified, test) = (OLD.status, OLD.email_verified_ms IS NOT NULL, OLD.test_of IS NOT NULL);
END;
CREATE VIEW v_identity_user_counts AS SELECT status, verified, test, people FROM user_counts;

-- People of the test mode of one developer's apps: made by a press, without a mailbox, for a while. They are rows of people, so that
-- everything an app meets is real; what counts people leaves them out.
ALTER TABLE users ADD COLUMN test_of INTEGER REFERENCES users (id);
ALTER TABLE users ADD COLUMN test_ends_ms INTEGER CHECK ((test_of IS NULL) = (test_ends_ms IS NULL));
CREATE INDEX users_test ON users (test_of) WHERE test_of IS NOT NULL;

DROP VIEW v_identity_users;
CREATE VIEW v_identity_users AS
  SELECT id, public_id, email, email_verified_ms, name, sort_name, is_admin, status, status_reason, status_ms, created_ms, test_of
  FROM users;
